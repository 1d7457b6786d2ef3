-- Pages that answered as their host does for what it lacks answer as they did before.
UPDATE articles SET withdrawn_at = NULL, withdrawn_reason = NULL
WHERE page_id = ANY (%(page_id)s) AND withdrawn_reason = 'soft_404';
