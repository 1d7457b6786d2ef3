-- Feeds are a frontier of their own: what named them, how they are read, and when they are due.
ALTER TABLE feeds
    DROP CONSTRAINT feeds_kind_check,
    ADD CHECK (kind IN ('rss', 'sitemap', 'section', 'home', 'robots', 'archive')),
    ADD COLUMN parameters         jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN found_in           bigint REFERENCES feeds,
    ADD COLUMN announced_lastmod  text,
    ADD COLUMN read_lastmod       text,
    ADD COLUMN last_read_at       timestamptz,
    ADD COLUMN last_changed_at    timestamptz,
    ADD COLUMN content_sha256     bytea,
    ADD COLUMN bytes              integer,
    ADD COLUMN links              integer,
    ADD COLUMN error              text,
    ADD COLUMN poll_interval      interval NOT NULL DEFAULT '30 minutes',
    ADD COLUMN next_poll_at       timestamptz,
    ADD COLUMN retired_at         timestamptz;
CREATE INDEX ON feeds (outlet, found_in);
CREATE INDEX ON fetches (feed_id) WHERE feed_id IS NOT NULL;

COMMENT ON COLUMN feeds.kind IS 'rss (RSS or Atom), sitemap (also index and news sitemaps), section (an HTML page of links), home (a section that names feeds), robots (robots.txt, which names sitemaps), archive (a day''s list).';
COMMENT ON COLUMN feeds.parameters IS 'What it is read with, as the outlet declares it or the feed that names it hands on.';
COMMENT ON COLUMN feeds.found_in IS 'The feed that names it; null for one that the outlet declares.';
COMMENT ON COLUMN feeds.announced_lastmod IS 'What its sitemap index says of its last change, as printed.';
COMMENT ON COLUMN feeds.read_lastmod IS 'The same when it was last read well; while it stays the same, the sitemap is not asked for.';
COMMENT ON COLUMN feeds.last_read_at IS 'Its last good answer: read, or told to be unchanged.';
COMMENT ON COLUMN feeds.last_changed_at IS 'When it last announced something that was not known.';
COMMENT ON COLUMN feeds.content_sha256 IS 'SHA-256 of the body that was last read.';
COMMENT ON COLUMN feeds.bytes IS 'Length of that body.';
COMMENT ON COLUMN feeds.links IS 'Addresses of articles in it.';
COMMENT ON COLUMN feeds.error IS 'Why the last poll failed; null where it did not.';
COMMENT ON COLUMN feeds.poll_interval IS 'How long it is left alone: halved by each poll that finds something, half as long again after each that does not.';
COMMENT ON COLUMN feeds.next_poll_at IS 'When a scheduled crawl asks for it again; after failures later and later.';
COMMENT ON COLUMN feeds.retired_at IS 'Since when nothing names it any more; it is not asked for.';
