INSERT INTO hot_key_articles (key, words, article_id)
SELECT key, signatures.words, article_id
FROM unnest(%(keys)b::bigint[], %(article_ids)b::bigint[]) AS entry (key, article_id)
JOIN signatures USING (article_id)
WHERE signatures.keys @> ARRAY[key]
ORDER BY key, signatures.words, article_id
ON CONFLICT DO NOTHING;
