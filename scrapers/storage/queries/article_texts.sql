SELECT article_id, headline, article_body, canonical_url, outlet, date_published
FROM articles
WHERE article_id = ANY (%(article_ids)s);
