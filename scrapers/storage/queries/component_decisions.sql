-- All that is decided between the given articles: joined (true) and kept apart (false).
SELECT article_id, duplicate_of, layer, score, true AS joined, false AS differs, evidence::text FROM duplicates
WHERE article_id = ANY (%(article_ids)s) AND duplicate_of = ANY (%(article_ids)s) AND revoked_at IS NULL
UNION ALL
SELECT a, b, 'near_duplicate', score, false, differs, NULL FROM refused_pairs
WHERE a = ANY (%(article_ids)s) AND b = ANY (%(article_ids)s)
UNION ALL
SELECT a, b, 'person', 1, false, false, NULL FROM splits
WHERE a = ANY (%(article_ids)s) AND b = ANY (%(article_ids)s)
UNION ALL
SELECT article_id, duplicate_of, 'person', 1, false, false, NULL FROM duplicates
WHERE article_id = ANY (%(article_ids)s) AND duplicate_of = ANY (%(article_ids)s) AND revoked_by <> 'dedup';
