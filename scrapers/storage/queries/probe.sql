-- Articles that share a band key with a claimed one, and all their keys.
SELECT mine.article_id, other.article_id, other.keys
FROM unnest(%(article_ids)s::bigint[], %(firsts)s::integer[], %(lasts)s::integer[]) AS mine (article_id, first, last)
JOIN signatures AS other ON other.keys && (%(keys)b::bigint[])[mine.first:mine.last]
WHERE other.article_id <> mine.article_id AND other.algorithm = %(algorithm)s;
