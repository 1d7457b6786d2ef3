-- What was asked for, and the bodies that came.

-- name: insert_fetches
-- One row a request.
-- A poll that is stored again, because the answer to its COMMIT was lost, adds nothing; a page has its lease for that.
INSERT INTO fetches (run_id, page_id, feed_id, url, requested_at, seconds, status, bytes, content_type, robots, outcome,
                     error, opt_outs, snapshot_sha256, request_headers, response_headers, source)
SELECT %(run_id)s, page_id, feed_id, url, requested_at, seconds, status, bytes, content_type, robots, outcome,
       error, opt_outs, snapshot_sha256, request_headers, response_headers, source
FROM json_populate_recordset(NULL::fetches, %(fetches)s)
ON CONFLICT (run_id, feed_id, requested_at) WHERE feed_id IS NOT NULL DO NOTHING;
