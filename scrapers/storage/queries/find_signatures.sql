SELECT article_id, revision, published, body, keys, signature
FROM signatures
WHERE article_id = ANY (%(article_ids)s) AND algorithm = %(algorithm)s;
