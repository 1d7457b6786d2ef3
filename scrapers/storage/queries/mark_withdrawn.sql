-- Articles whose pages show them no longer; returns the pages that have any. Since when is kept, and why at first.
UPDATE articles
SET withdrawn_at = coalesce(withdrawn_at, now()), withdrawn_reason = coalesce(withdrawn_reason, gone.reason)
FROM unnest(%(page_id)s::bigint[], %(reason)s::text[]) AS gone (page_id, reason)
WHERE articles.page_id = gone.page_id
RETURNING articles.page_id;
