-- The state in which each run left the page, the oldest first.
SELECT run_pages.at, run_pages.state, run_pages.reason, run_id, runs.kind, runs.requested_by, runs.outcome
FROM run_pages
JOIN runs USING (run_id)
WHERE page_id = %(page_id)s
ORDER BY run_pages.at;
