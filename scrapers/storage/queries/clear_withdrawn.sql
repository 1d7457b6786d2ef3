-- The page of an article shows it again.
UPDATE articles SET withdrawn_at = NULL, withdrawn_reason = NULL
WHERE page_id = ANY (%(page_id)s) AND withdrawn_at IS NOT NULL;
