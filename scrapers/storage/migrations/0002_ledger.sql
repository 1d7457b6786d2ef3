-- The ledger: every URL ever discovered, in exactly one state; it is the crawl frontier too.
CREATE TABLE feeds (
    feed_id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    outlet          text NOT NULL,
    url             text NOT NULL UNIQUE,
    kind            text NOT NULL CHECK (kind IN ('rss', 'sitemap', 'section')),
    last_polled_at  timestamptz,
    last_status     integer,
    failures        integer NOT NULL DEFAULT 0,
    etag            text,
    last_modified   text
);

COMMENT ON TABLE feeds IS 'Where an outlet announces pages.';
COMMENT ON COLUMN feeds.feed_id IS 'Key.';
COMMENT ON COLUMN feeds.outlet IS 'The outlet''s name.';
COMMENT ON COLUMN feeds.url IS 'Address of the feed, sitemap or section page.';
COMMENT ON COLUMN feeds.kind IS 'rss (RSS or Atom), sitemap (also index and news sitemaps), section (an HTML page of links).';
COMMENT ON COLUMN feeds.last_polled_at IS 'When it was last asked for.';
COMMENT ON COLUMN feeds.last_status IS 'HTTP status of the last answer; null where none came.';
COMMENT ON COLUMN feeds.failures IS 'Failed polls since the last good one.';
COMMENT ON COLUMN feeds.etag IS 'ETag of the last good answer.';
COMMENT ON COLUMN feeds.last_modified IS 'Last-Modified of the last good answer, as sent.';

CREATE TABLE pages (
    page_id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    outlet              text NOT NULL,
    url                 text NOT NULL,
    url_sha256          bytea NOT NULL UNIQUE,
    state               text NOT NULL CHECK (state IN ('discovered', 'leased', 'stored', 'unchanged', 'duplicate',
                                                       'rejected', 'deferred', 'quarantined', 'gave_up')),
    reason              text,
    run_id              uuid NOT NULL REFERENCES runs,
    attempts            integer NOT NULL DEFAULT 0,
    lease_token         bigint,
    lease_expires_at    timestamptz,
    deferred_until      timestamptz,
    next_fetch_at       timestamptz,
    duplicate_of        bigint REFERENCES pages,
    discovered_at       timestamptz NOT NULL DEFAULT now(),
    discovered_in       text,
    announced_title     text,
    announced_published timestamptz,
    announced_modified  timestamptz,
    last_fetched_at     timestamptz,
    CHECK ((state = 'leased') = (lease_token IS NOT NULL AND lease_expires_at IS NOT NULL)),
    CHECK (state <> 'deferred' OR (deferred_until IS NOT NULL AND reason IS NOT NULL)),
    CHECK (state NOT IN ('rejected', 'quarantined', 'gave_up', 'duplicate') OR reason IS NOT NULL)
);
-- unique on the hash: an address may be longer than a btree row can hold (2,704 bytes)
CREATE INDEX ON pages (outlet, state);
CREATE INDEX ON pages (run_id);
CREATE INDEX ON pages (duplicate_of) WHERE duplicate_of IS NOT NULL;

COMMENT ON TABLE pages IS 'The ledger: every URL ever discovered, in exactly one state. Rows are never deleted.';
COMMENT ON COLUMN pages.page_id IS 'Key.';
COMMENT ON COLUMN pages.outlet IS 'The outlet''s name.';
COMMENT ON COLUMN pages.url IS 'The URL as discovered, without its fragment.';
COMMENT ON COLUMN pages.url_sha256 IS 'SHA-256 of url; what makes it unique.';
COMMENT ON COLUMN pages.state IS 'discovered → leased → stored | unchanged | duplicate | rejected | deferred | quarantined | gave_up.';
COMMENT ON COLUMN pages.reason IS 'Why it is in this state: http_404, robots, not_an_article, url_variant, the error, …';
COMMENT ON COLUMN pages.run_id IS 'The run that discovered or last leased it.';
COMMENT ON COLUMN pages.attempts IS 'Leases since the last one that ended well.';
COMMENT ON COLUMN pages.lease_token IS 'Fencing token of the present lease; a result with another token is refused.';
COMMENT ON COLUMN pages.lease_expires_at IS 'After this the page may be leased by another.';
COMMENT ON COLUMN pages.deferred_until IS 'A deferred page is not asked for before this.';
COMMENT ON COLUMN pages.next_fetch_at IS 'When a stored page is due for another look; null: when its announcement changes.';
COMMENT ON COLUMN pages.duplicate_of IS 'The page that this one is another address of.';
COMMENT ON COLUMN pages.discovered_at IS 'When it was first seen, by the database''s clock.';
COMMENT ON COLUMN pages.discovered_in IS 'The feed or page whose link led here; null for a URL given by hand.';
COMMENT ON COLUMN pages.announced_title IS 'The title that the feed gave.';
COMMENT ON COLUMN pages.announced_published IS 'The time of publication that the feed gave.';
COMMENT ON COLUMN pages.announced_modified IS 'The last modification that the feed or sitemap gave; a later one makes the page due.';
COMMENT ON COLUMN pages.last_fetched_at IS 'When its last answer came.';

CREATE TABLE run_pages (
    run_id   uuid NOT NULL REFERENCES runs,
    page_id  bigint NOT NULL REFERENCES pages,
    state    text NOT NULL,
    reason   text,
    at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (run_id, page_id)
);
CREATE INDEX ON run_pages (page_id);

COMMENT ON TABLE run_pages IS 'The state in which each run left each page that it discovered or leased; written by a trigger on pages.';
COMMENT ON COLUMN run_pages.run_id IS 'The run.';
COMMENT ON COLUMN run_pages.page_id IS 'The page.';
COMMENT ON COLUMN run_pages.state IS 'The page''s state when the run last changed it.';
COMMENT ON COLUMN run_pages.reason IS 'The page''s reason at that moment.';
COMMENT ON COLUMN run_pages.at IS 'When that was.';

CREATE FUNCTION record_run_page() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO run_pages (run_id, page_id, state, reason)
    VALUES (new.run_id, new.page_id, new.state, new.reason)
    ON CONFLICT (run_id, page_id) DO UPDATE
    SET state = excluded.state, reason = excluded.reason, at = clock_timestamp();
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION record_run_page IS 'Keeps run_pages in step with pages, whoever writes.';

CREATE TRIGGER record_run_page AFTER INSERT OR UPDATE OF state, reason, run_id ON pages
FOR EACH ROW EXECUTE FUNCTION record_run_page();

CREATE SEQUENCE lease_tokens;
COMMENT ON SEQUENCE lease_tokens IS 'Fencing tokens: each lease has a higher one than all before.';
