-- The page that an article was read from gives way to its canonical page.
UPDATE pages
SET state = 'duplicate', reason = 'canonical_url', duplicate_of = %(duplicate_of)s, next_fetch_at = NULL
WHERE page_id = %(page_id)s AND state IN ('stored', 'unchanged');
