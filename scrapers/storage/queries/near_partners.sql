-- Articles that stand as near-duplicates of claimed ones: they are judged again with them.
SELECT article_id, duplicate_of FROM duplicates
WHERE revoked_at IS NULL AND layer = 'near_duplicate' AND article_id = ANY (%(article_ids)s)
UNION
SELECT article_id, duplicate_of FROM duplicates
WHERE revoked_at IS NULL AND layer = 'near_duplicate' AND duplicate_of = ANY (%(article_ids)s);
