-- Give an outlet the pages that a crawl of its mere site had (whose outlet is named by its domain), to be read by the
-- outlet's own rules: what gave an article is due again, what gave none is as if it were new. Pages that are leased, and
-- other addresses of pages, stay as they are. Return the pages that are new to the run.
WITH claimed AS (
    UPDATE pages
    SET outlet = %(outlet)s,
        state = CASE WHEN first_stored_at IS NULL AND state <> 'duplicate' THEN 'discovered' ELSE state END,
        reason = CASE WHEN first_stored_at IS NULL AND state <> 'duplicate' THEN NULL ELSE reason END,
        run_id = CASE WHEN first_stored_at IS NULL AND state <> 'duplicate' THEN %(run_id)s ELSE run_id END,
        attempts = 0, deferred_until = CASE WHEN first_stored_at IS NULL THEN NULL ELSE deferred_until END,
        next_fetch_at = CASE WHEN state IN ('stored', 'unchanged') THEN now() END,
        etag = NULL, last_modified = NULL, content_sha256 = NULL
    WHERE url_sha256 = ANY (%(url_sha256)b) AND outlet <> %(outlet)s AND strpos(outlet, '.') > 0 AND state <> 'leased'
    RETURNING page_id, run_id
), moved AS (
    UPDATE articles SET outlet = %(outlet)s FROM claimed WHERE articles.page_id = claimed.page_id
)
SELECT page_id FROM claimed
WHERE run_id = %(run_id)s
  AND NOT EXISTS (SELECT FROM run_pages WHERE run_pages.run_id = %(run_id)s AND run_pages.page_id = claimed.page_id);
