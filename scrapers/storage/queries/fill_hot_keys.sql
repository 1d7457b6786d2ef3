INSERT INTO hot_key_articles (key, words, article_id)
SELECT hot.key, signatures.words, signatures.article_id
FROM unnest(%(keys)s::bigint[]) AS hot (key)
JOIN signatures ON signatures.keys @> ARRAY[hot.key]
ORDER BY hot.key, signatures.words, signatures.article_id
ON CONFLICT DO NOTHING;
