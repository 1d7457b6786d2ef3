-- What joins the given articles (true), and what people keep apart (false).
SELECT article_id, duplicate_of, layer, score, true AS joined FROM duplicates
WHERE article_id = ANY (%(article_ids)s) AND duplicate_of = ANY (%(article_ids)s) AND revoked_at IS NULL
UNION ALL
SELECT a, b, 'person', 1, false FROM splits
WHERE a = ANY (%(article_ids)s) AND b = ANY (%(article_ids)s)
UNION ALL
SELECT article_id, duplicate_of, 'person', 1, false FROM duplicates
WHERE article_id = ANY (%(article_ids)s) AND duplicate_of = ANY (%(article_ids)s)
  AND revoked_at IS NOT NULL AND revoked_by <> 'dedup';
