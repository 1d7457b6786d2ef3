-- One row a request, and the body that came, unless it is kept already.
-- A poll that is stored again, because the answer to its COMMIT was lost, adds nothing; a page has its lease for that.
WITH kept AS (
    INSERT INTO snapshots (sha256, body, bytes)
    SELECT %(snapshot_sha256)s, %(snapshot)s, %(snapshot_bytes)s
    WHERE %(snapshot)s::bytea IS NOT NULL
    ON CONFLICT DO NOTHING
)
INSERT INTO fetches (run_id, page_id, feed_id, url, requested_at, seconds, status, bytes, content_type, robots, outcome,
                     error, opt_outs, snapshot_sha256)
VALUES (%(run_id)s, %(page_id)s, %(feed_id)s, %(url)s, %(requested_at)s, %(seconds)s, %(status)s, %(size)s,
        %(content_type)s, %(robots)s, %(outcome)s, %(error)s, %(opt_outs)s, %(snapshot_sha256)s)
ON CONFLICT (run_id, feed_id, requested_at) WHERE feed_id IS NOT NULL DO NOTHING;
