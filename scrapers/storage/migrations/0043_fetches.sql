-- What was asked for and what came back.
CREATE FUNCTION forbid_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed', tg_table_name;
END
$$;
COMMENT ON FUNCTION forbid_change IS 'Makes a table append-only.';

CREATE TABLE snapshots (
    sha256         bytea PRIMARY KEY,
    body           bytea NOT NULL,
    bytes          integer NOT NULL,
    first_seen_at  timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE snapshots ALTER COLUMN body SET STORAGE EXTERNAL;  -- compressed already
CREATE TRIGGER append_only BEFORE UPDATE ON snapshots FOR EACH ROW EXECUTE FUNCTION forbid_change();

COMMENT ON TABLE snapshots IS 'Raw response bodies, each kept once.';
COMMENT ON COLUMN snapshots.sha256 IS 'SHA-256 of the body as it was before compression.';
COMMENT ON COLUMN snapshots.body IS 'The body, compressed with zstd.';
COMMENT ON COLUMN snapshots.bytes IS 'Its length before compression.';
COMMENT ON COLUMN snapshots.first_seen_at IS 'When it was first stored.';

CREATE TABLE fetches (
    fetch_id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id            uuid NOT NULL REFERENCES runs,
    page_id           bigint REFERENCES pages,
    feed_id           bigint REFERENCES feeds,
    url               text NOT NULL,
    requested_at      timestamptz NOT NULL,
    seconds           real,
    status            integer,
    bytes             integer,
    content_type      text,
    robots            text NOT NULL CHECK (robots IN ('allowed', 'forbidden', 'not_asked')),
    outcome           text NOT NULL CHECK (outcome IN ('answered', 'failed', 'not_sent')),
    error             text,
    snapshot_sha256   bytea REFERENCES snapshots,
    opt_outs          text[] NOT NULL DEFAULT '{}',
    request_headers   bytea,
    response_headers  bytea
);
CREATE INDEX ON fetches (page_id) WHERE page_id IS NOT NULL;
CREATE INDEX ON fetches (run_id);
CREATE INDEX ON fetches (snapshot_sha256) WHERE snapshot_sha256 IS NOT NULL;
CREATE INDEX ON fetches (feed_id) WHERE feed_id IS NOT NULL;
CREATE UNIQUE INDEX fetches_of_a_feed ON fetches (run_id, feed_id, requested_at) WHERE feed_id IS NOT NULL;
CREATE TRIGGER append_only BEFORE UPDATE ON fetches FOR EACH ROW EXECUTE FUNCTION forbid_change();

COMMENT ON TABLE fetches IS 'One row a request; never changed.';
COMMENT ON COLUMN fetches.fetch_id IS 'Key.';
COMMENT ON COLUMN fetches.run_id IS 'The run that asked.';
COMMENT ON COLUMN fetches.page_id IS 'The page it was for; null for a feed.';
COMMENT ON COLUMN fetches.feed_id IS 'The feed it was for; null for a page.';
COMMENT ON COLUMN fetches.url IS 'The address that was asked for.';
COMMENT ON COLUMN fetches.requested_at IS 'When the request was made, by the crawler''s clock.';
COMMENT ON COLUMN fetches.seconds IS 'Seconds until the whole answer was there.';
COMMENT ON COLUMN fetches.status IS 'HTTP status; null where no answer came.';
COMMENT ON COLUMN fetches.bytes IS 'Length of the body after decompression.';
COMMENT ON COLUMN fetches.content_type IS 'Content-Type as sent.';
COMMENT ON COLUMN fetches.robots IS 'What robots.txt said of the address: allowed, forbidden, or not_asked (outlet exempt).';
COMMENT ON COLUMN fetches.outcome IS 'answered (see status), failed (see error), not_sent (robots.txt forbids it).';
COMMENT ON COLUMN fetches.error IS 'What went wrong.';
COMMENT ON COLUMN fetches.snapshot_sha256 IS 'The body that came, in snapshots.';
COMMENT ON COLUMN fetches.opt_outs IS 'Opt-outs that the answer, robots.txt or tdmrep.json declared: noarchive, noai, tdm, ai_crawlers; the outlet says which are respected.';
COMMENT ON COLUMN fetches.request_headers IS 'Request line and headers as sent, HTTP/1.1 text compressed with zstd, at most 64 KiB of it; without cookies and credentials. Only where the body is kept.';
COMMENT ON COLUMN fetches.response_headers IS 'The same of the answer. Names in the order of their first value, names in their usual capitals; the reason in the status line is the standard one. Content-Encoding and lengths are those of the answer as it came, the snapshot is what was unpacked from it.';
COMMENT ON INDEX fetches_of_a_feed IS 'One row a request of a feed, however often it is stored.';
