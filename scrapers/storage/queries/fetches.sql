-- What was asked for, and the bodies that came.

-- name: insert_fetches
-- One row a request.
-- A poll that is stored again, because the answer to its COMMIT was lost, adds nothing; a page has its lease for that.
INSERT INTO fetches (run_id, page_id, feed_id, url, requested_at, seconds, status, bytes, content_type, robots, outcome,
                     error, opt_outs, snapshot_sha256, request_headers, response_headers)
SELECT %(run_id)s, page_id, feed_id, url, requested_at, seconds, status, bytes, content_type, robots, outcome,
       error, opt_outs, snapshot_sha256, request_headers, response_headers
FROM json_populate_recordset(NULL::fetches, %(fetches)s)
ON CONFLICT (run_id, feed_id, requested_at) WHERE feed_id IS NOT NULL DO NOTHING;

-- name: insert_snapshots
-- Keep bodies, but those that are kept already.
INSERT INTO snapshots (sha256, body, bytes)
SELECT * FROM unnest(%(sha256)b::bytea[], %(body)b::bytea[], %(bytes)s::integer[])
ON CONFLICT DO NOTHING;

-- name: find_snapshot
-- The compressed body of a snapshot.
SELECT body FROM snapshots WHERE sha256 = %(sha256)s;
