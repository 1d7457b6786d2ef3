-- Give back what a run had leased and not finished; a page with an article keeps it and is due again. That the run
-- ended is no failure of the page.
UPDATE pages
SET state = CASE WHEN articles.page_id IS NULL THEN 'discovered' ELSE 'stored' END,
    reason = NULL,
    attempts = greatest(pages.attempts - 1, 0),
    next_fetch_at = CASE WHEN articles.page_id IS NULL THEN NULL ELSE now() END,
    lease_token = NULL,
    lease_expires_at = NULL
FROM pages AS leased
LEFT JOIN articles USING (page_id)
WHERE pages.page_id = leased.page_id AND leased.run_id = %(run_id)s AND leased.state = 'leased';
