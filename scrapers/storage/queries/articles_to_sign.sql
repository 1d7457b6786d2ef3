-- Claimed articles as they are now.
SELECT article_id, outlet, canonical_url, headline, article_body,
       identifier, date_published,
       revision,
       CASE WHEN body_words >= %(fewest_words)s THEN body_sha256 END AS body_sha256
FROM articles
WHERE article_id = ANY (%(article_ids)s)
ORDER BY article_id;
