-- The ledger: every URL ever discovered, in exactly one state; it is the crawl frontier too.
CREATE TABLE pages (
    page_id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    outlet               text NOT NULL,
    url                  text NOT NULL,
    url_sha256           bytea NOT NULL UNIQUE,
    state                text NOT NULL
                         CHECK (state IN ('discovered', 'leased', 'stored', 'unchanged', 'duplicate',
                                          'rejected', 'deferred', 'quarantined', 'gave_up')),
    reason               text,
    run_id               uuid NOT NULL REFERENCES runs,
    attempts             integer NOT NULL DEFAULT 0,
    lease_token          bigint,
    lease_expires_at     timestamptz,
    deferred_until       timestamptz,
    next_fetch_at        timestamptz,
    duplicate_of         bigint REFERENCES pages,
    discovered_at        timestamptz NOT NULL DEFAULT now(),
    discovered_in        text,
    announced_title      text,
    announced_published  timestamptz,
    announced_modified   timestamptz,
    last_fetched_at      timestamptz,
    first_stored_at      timestamptz,
    etag                 text,
    last_modified        text,
    content_sha256       bytea,
    depth                smallint NOT NULL DEFAULT 0,
    announced_author     text[],
    CHECK ((state = 'leased') = (lease_token IS NOT NULL AND lease_expires_at IS NOT NULL)),
    CHECK (state <> 'deferred' OR (deferred_until IS NOT NULL AND reason IS NOT NULL)),
    CHECK (state NOT IN ('rejected', 'quarantined', 'gave_up', 'duplicate') OR reason IS NOT NULL)
);
-- unique on the hash: an address may be longer than a btree row can hold (2,704 bytes)
CREATE INDEX ON pages (outlet, state);
CREATE INDEX ON pages (run_id);
CREATE INDEX ON pages (duplicate_of) WHERE duplicate_of IS NOT NULL;
-- in the order in which pages are leased: a lease reads as many as it takes, instead of sorting all that wait
CREATE INDEX pages_leasable_idx ON pages (outlet, announced_published DESC NULLS LAST, page_id)
WHERE state IN ('discovered', 'leased', 'deferred', 'gave_up') OR next_fetch_at IS NOT NULL;

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
COMMENT ON COLUMN pages.first_stored_at IS 'When its article was first stored; another look is due an hour, six hours, a day and a week later, or as the outlet declares.';
COMMENT ON COLUMN pages.etag IS 'ETag of the answer that the article was read from; null where that took several.';
COMMENT ON COLUMN pages.last_modified IS 'Last-Modified of that answer, as sent.';
COMMENT ON COLUMN pages.content_sha256 IS 'SHA-256 of its body; the same body is not read again.';
COMMENT ON COLUMN pages.depth IS 'Links between it and a feed: 0 where a feed announced it, one more than the page in which it was found. Set by a trigger.';
COMMENT ON COLUMN pages.announced_author IS 'Who wrote it, as the feed names them.';

CREATE FUNCTION page_id_of(url text) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT page_id FROM pages WHERE url_sha256 = sha256(convert_to($1, 'UTF8')));
COMMENT ON FUNCTION page_id_of IS 'The page of an address as the ledger has it; null where it lacks it. `warta why` takes an address in any form.';

CREATE FUNCTION set_page_depth() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT depth + 1 INTO new.depth
    FROM pages
    WHERE url_sha256 = sha256(convert_to(new.discovered_in, 'UTF8'));
    IF new.depth IS NULL THEN
        new.depth := 0;
    ELSIF new.depth > 30 AND new.state = 'discovered' THEN
        new.state := 'rejected';
        new.reason := 'trap: depth';
    END IF;
    RETURN new;
END
$$;
COMMENT ON FUNCTION set_page_depth IS 'Counts the links that led to a new page; one behind more than 30 of them is rejected.';
CREATE TRIGGER set_page_depth BEFORE INSERT ON pages
FOR EACH ROW WHEN (new.discovered_in IS NOT NULL) EXECUTE FUNCTION set_page_depth();

CREATE SEQUENCE lease_tokens;
COMMENT ON SEQUENCE lease_tokens IS 'Fencing tokens: each lease has a higher one than all before.';

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

-- One call a statement instead of one a row: a sitemap brings thousands of pages at once.
CREATE FUNCTION record_new_run_pages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO run_pages (run_id, page_id, state, reason)
    SELECT run_id, page_id, state, reason FROM added;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION record_new_run_pages IS 'Keeps run_pages in step with pages that are added, whoever writes.';

CREATE FUNCTION record_changed_run_pages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO run_pages (run_id, page_id, state, reason)
    SELECT changed.run_id, changed.page_id, changed.state, changed.reason
    FROM changed
    JOIN before USING (page_id)
    WHERE (changed.run_id, changed.state, changed.reason) IS DISTINCT FROM (before.run_id, before.state, before.reason)
    ON CONFLICT (run_id, page_id) DO UPDATE
    SET state = excluded.state, reason = excluded.reason, at = clock_timestamp();
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION record_changed_run_pages IS 'Keeps run_pages in step with pages that change, whoever writes.';
CREATE TRIGGER record_new_run_pages AFTER INSERT ON pages
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION record_new_run_pages();
CREATE TRIGGER record_changed_run_pages AFTER UPDATE ON pages
REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_changed_run_pages();
