-- Feeds are a frontier of their own: what named them, how they are read, when they are due, and what they announced.
CREATE TABLE feeds (
    feed_id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    outlet                text NOT NULL,
    url                   text NOT NULL UNIQUE,
    kind                  text NOT NULL
                          CHECK (kind IN ('rss', 'sitemap', 'section', 'home', 'listing', 'robots', 'archive')),
    last_polled_at        timestamptz,
    last_status           integer,
    failures              integer NOT NULL DEFAULT 0,
    etag                  text,
    last_modified         text,
    parameters            jsonb NOT NULL DEFAULT '{}',
    found_in              bigint REFERENCES feeds,
    announced_lastmod     text,
    read_lastmod          text,
    last_read_at          timestamptz,
    last_changed_at       timestamptz,
    content_sha256        bytea,
    bytes                 integer,
    links                 integer,
    error                 text,
    poll_interval         interval NOT NULL DEFAULT '30 minutes',
    next_poll_at          timestamptz,
    retired_at            timestamptz,
    polled_by             uuid REFERENCES runs ON DELETE SET NULL,
    announced             integer,
    taken                 integer,
    untaken               integer,
    declaration           text,
    is_lastmod_confirmed  boolean NOT NULL DEFAULT false,
    is_lastmod_wrong      boolean NOT NULL DEFAULT false
);
CREATE INDEX ON feeds (outlet, found_in);
CREATE INDEX ON feeds (polled_by) WHERE polled_by IS NOT NULL;

COMMENT ON TABLE feeds IS 'Where an outlet announces pages.';
COMMENT ON COLUMN feeds.feed_id IS 'Key.';
COMMENT ON COLUMN feeds.outlet IS 'The outlet''s name.';
COMMENT ON COLUMN feeds.url IS 'Address of the feed, sitemap or section page.';
COMMENT ON COLUMN feeds.kind IS 'rss (RSS, Atom or JSON Feed), sitemap (also index and news sitemaps), section (an HTML page of links), home (a section that names feeds and listings), listing (a page of a blog''s or archive''s list, with the pages that follow), robots (robots.txt, which names sitemaps), archive (a day''s list).';
COMMENT ON COLUMN feeds.last_polled_at IS 'When it was last asked for.';
COMMENT ON COLUMN feeds.last_status IS 'HTTP status of the last answer; null where none came.';
COMMENT ON COLUMN feeds.failures IS 'Failed polls since the last good one.';
COMMENT ON COLUMN feeds.etag IS 'ETag of the last good answer.';
COMMENT ON COLUMN feeds.last_modified IS 'Last-Modified of the last good answer, as sent.';
COMMENT ON COLUMN feeds.parameters IS 'What it is read with, as the outlet declares it or the feed that names it hands on.';
COMMENT ON COLUMN feeds.found_in IS 'The feed that names it; null for one that the outlet declares.';
COMMENT ON COLUMN feeds.announced_lastmod IS 'What its sitemap index says of its last change, as printed.';
COMMENT ON COLUMN feeds.read_lastmod IS 'The same when it was last read well.';
COMMENT ON COLUMN feeds.last_read_at IS 'Its last good answer: read, or told to be unchanged.';
COMMENT ON COLUMN feeds.last_changed_at IS 'When it last announced something that was not known.';
COMMENT ON COLUMN feeds.content_sha256 IS 'SHA-256 of the body that was last read.';
COMMENT ON COLUMN feeds.bytes IS 'Length of that body.';
COMMENT ON COLUMN feeds.links IS 'Addresses of articles in it.';
COMMENT ON COLUMN feeds.error IS 'Why the last poll failed; null where it did not.';
COMMENT ON COLUMN feeds.poll_interval IS 'How long it is left alone: halved by each poll that finds something, half as long again after each that does not.';
COMMENT ON COLUMN feeds.next_poll_at IS 'When a scheduled crawl asks for it again; after failures later and later.';
COMMENT ON COLUMN feeds.retired_at IS 'Since when nothing names it any more; it is not asked for.';
COMMENT ON COLUMN feeds.polled_by IS 'The run that has asked for it and not yet stored what it answered; nothing where that run has ended.';
COMMENT ON COLUMN feeds.announced IS 'How many addresses its last answer named, those of other feeds included.';
COMMENT ON COLUMN feeds.taken IS 'How many of these are pages of the ledger, or feeds that are followed.';
COMMENT ON COLUMN feeds.untaken IS 'How many of these are not taken; untaken_announcements says why.';
COMMENT ON COLUMN feeds.declaration IS 'Digest of the outlet''s name and address rules by which it was last named; when it changes, the feed is unread again.';
COMMENT ON COLUMN feeds.is_lastmod_confirmed IS 'Whether the sitemap was asked for again at the same lastmod of its index and had not changed; only then does the lastmod save polls, for a week at a time.';
COMMENT ON COLUMN feeds.is_lastmod_wrong IS 'Whether the sitemap changed once while its index said that it did not: its lastmod is never believed again.';

CREATE TABLE announcements (
    page_id        bigint NOT NULL REFERENCES pages,
    feed_id        bigint NOT NULL REFERENCES feeds,
    title          text,
    published      timestamptz,
    modified       timestamptz,
    first_seen_at  timestamptz NOT NULL DEFAULT now(),
    last_seen_at   timestamptz NOT NULL DEFAULT now(),
    author         text[],
    CHECK (title IS NOT NULL OR published IS NOT NULL OR modified IS NOT NULL OR author IS NOT NULL),
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
COMMENT ON COLUMN announcements.author IS 'Who wrote it, as the feed last named them.';

CREATE TABLE untaken_announcements (
    feed_id        bigint NOT NULL REFERENCES feeds,
    url_sha256     bytea NOT NULL,
    url            text NOT NULL,
    reason         text NOT NULL,
    first_seen_at  timestamptz NOT NULL DEFAULT now(),
    last_seen_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (feed_id, url_sha256)
);
CREATE INDEX ON untaken_announcements (url_sha256);

COMMENT ON TABLE untaken_announcements IS 'What a feed announces and the crawl does not take, with the reason; of each feed the 1,000 addresses that were seen last. feeds.untaken counts all of the last answer.';
COMMENT ON COLUMN untaken_announcements.feed_id IS 'The feed that announced it.';
COMMENT ON COLUMN untaken_announcements.url_sha256 IS 'SHA-256 of the whole address as announced.';
COMMENT ON COLUMN untaken_announcements.url IS 'The address as announced, its first 2,000 characters; empty for items without one.';
COMMENT ON COLUMN untaken_announcements.reason IS 'Why it is not taken: not_an_article_url, section_front, other_site, file, bad_address, no_address, trap: …; of a feed that is named: other_site, too_long, not_followed.';
COMMENT ON COLUMN untaken_announcements.first_seen_at IS 'When the feed first announced it.';
COMMENT ON COLUMN untaken_announcements.last_seen_at IS 'When it last did, to the hour.';
