INSERT INTO hot_key_articles (key, words, article_id)
SELECT hot_keys.key, signatures.words, signatures.article_id
FROM signatures
JOIN hot_keys ON hot_keys.key = ANY (signatures.keys)
WHERE signatures.article_id = ANY (%(article_ids)s)
ON CONFLICT DO NOTHING;
