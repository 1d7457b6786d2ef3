-- All that was ever decided of two articles, newest first.
SELECT layer, 'duplicate' AS decision, score, evidence, decided_at, revoked_at, revoked_by FROM duplicates
WHERE (article_id, duplicate_of) IN ((%(a)s, %(b)s), (%(b)s, %(a)s)) AND revoked_at IS NULL
UNION ALL
SELECT layer, 'duplicate', score, evidence, decided_at, revoked_at, revoked_by FROM duplicates
WHERE (article_id, duplicate_of) IN ((%(a)s, %(b)s), (%(b)s, %(a)s)) AND revoked_at IS NOT NULL
UNION ALL
SELECT 'person', 'different', 1, jsonb_build_object('decided_by', decided_by), decided_at, NULL, NULL FROM splits
WHERE (a, b) = (least(%(a)s, %(b)s), greatest(%(a)s, %(b)s))
UNION ALL
SELECT 'near_duplicate', 'different', NULL, '{}', NULL, NULL, NULL FROM refusals
WHERE article_id = %(a)s AND %(b)s = ANY (others) OR article_id = %(b)s AND %(a)s = ANY (others)
ORDER BY decided_at DESC NULLS LAST;
