-- The state in which this very run left a page that it holds no more; none where the lease was lost to another.
SELECT state FROM run_pages
WHERE run_id = %(run_id)s AND page_id = %(page_id)s AND state NOT IN ('discovered', 'leased');
