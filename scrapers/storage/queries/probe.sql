-- Articles that share a band key with a claimed one, and all their keys.
SELECT mine.article_id, other.article_id, other.keys
FROM unnest(%(article_ids)s::bigint[], %(keys)b::text[]) AS mine (article_id, keys)
JOIN signatures AS other ON other.keys && mine.keys::bigint[]
WHERE other.article_id <> mine.article_id AND other.algorithm = %(algorithm)s;
