-- What feeds said of pages, so that what was read from a page can be checked against it.
CREATE TABLE announcements (
    page_id        bigint NOT NULL REFERENCES pages,
    feed_id        bigint NOT NULL REFERENCES feeds,
    title          text,
    published      timestamptz,
    modified       timestamptz,
    first_seen_at  timestamptz NOT NULL DEFAULT now(),
    last_seen_at   timestamptz NOT NULL DEFAULT now(),
    CHECK (title IS NOT NULL OR published IS NOT NULL OR modified IS NOT NULL),
    UNIQUE NULLS NOT DISTINCT (page_id, feed_id, published, modified, title)
);

COMMENT ON TABLE announcements IS 'What each feed said of each page: a row more where it says something else later. Links without a word beside them have no row.';
COMMENT ON COLUMN announcements.page_id IS 'The page that was announced.';
COMMENT ON COLUMN announcements.feed_id IS 'The feed that announced it.';
COMMENT ON COLUMN announcements.title IS 'The title that it gave, as text, at most 500 characters.';
COMMENT ON COLUMN announcements.published IS 'The time of publication that it gave.';
COMMENT ON COLUMN announcements.modified IS 'The time of the last change that it gave.';
COMMENT ON COLUMN announcements.first_seen_at IS 'When the feed first said so.';
COMMENT ON COLUMN announcements.last_seen_at IS 'When it last said so, to the hour.';
