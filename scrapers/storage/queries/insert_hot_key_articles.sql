INSERT INTO hot_key_articles (key, words, article_id)
SELECT key, words, article_id
FROM unnest(%(keys)b::bigint[], %(words)b::integer[], %(article_ids)b::bigint[]) AS entry (key, words, article_id)
ON CONFLICT DO NOTHING;
