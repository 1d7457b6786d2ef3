-- Claimed articles and those that stand as near-duplicates of them: they are judged again together.
SELECT article_id, duplicate_of FROM duplicates
WHERE revoked_at IS NULL AND layer = 'near_duplicate' AND article_id = ANY (%(article_ids)s)
UNION
SELECT duplicate_of, article_id FROM duplicates
WHERE revoked_at IS NULL AND layer = 'near_duplicate' AND duplicate_of = ANY (%(article_ids)s);
