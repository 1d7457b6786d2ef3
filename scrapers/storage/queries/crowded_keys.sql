-- Which of the keys more articles have than a key may have, of entries that say which had them once.
SELECT key
FROM unnest(%(keys)b::bigint[], %(article_ids)b::bigint[]) AS entry (key, article_id)
JOIN signatures USING (article_id)
WHERE signatures.keys @> ARRAY[key]
GROUP BY key
HAVING count(DISTINCT article_id) > %(most)s;
