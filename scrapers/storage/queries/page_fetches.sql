SELECT requested_at, url, outcome, status, bytes, seconds, robots, error, encode(snapshot_sha256, 'hex') AS snapshot
FROM fetches
WHERE page_id = %(page_id)s
ORDER BY fetch_id;
