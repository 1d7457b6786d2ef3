-- Pages that others have fetched: captures in web archives. Raw pages that are kept outside Postgres.
ALTER TABLE fetches
    ADD COLUMN source text,
    ADD COLUMN stored_at timestamptz;
ALTER TABLE fetches ALTER COLUMN stored_at SET DEFAULT now();
COMMENT ON TABLE fetches IS 'One row a request, Warta''s own or one that a web archive holds; never changed. Pruned after WARTA_KEEP_FETCHES, but those whose body is kept and the last of each page.';
COMMENT ON COLUMN fetches.source IS 'Where the answer comes from if Warta did not fetch it: the name of the web archive (WARC), a colon, and the offset of its record. Null for Warta''s own requests.';
COMMENT ON COLUMN fetches.requested_at IS 'When the request was made, by the crawler''s clock; of a web archive, its WARC-Date.';
COMMENT ON COLUMN fetches.stored_at IS 'When the row was stored, by the database''s clock; null for rows older than migration 0056.';

DROP TRIGGER append_only ON fetches;
CREATE TRIGGER append_only
BEFORE UPDATE OF run_id, page_id, feed_id, url, requested_at, seconds, status, bytes, content_type, robots, outcome, error,
                 opt_outs, source, stored_at
ON fetches FOR EACH ROW EXECUTE FUNCTION forbid_change();

-- Raw pages that are kept in an object store: how many bytes they take there, and which of the store's names are in use.
ALTER TABLE snapshots ADD COLUMN stored_bytes integer;
COMMENT ON COLUMN snapshots.stored_bytes IS 'Its length after compression, wherever it is; null for rows older than migration 0056, whose `body` has it.';
CREATE UNIQUE INDEX snapshots_place_idx ON snapshots (place) WHERE place IS NOT NULL;
COMMENT ON INDEX snapshots_place_idx IS 'Which names of the store are in use.';
