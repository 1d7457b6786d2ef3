-- Articles in the order in which one is preferred as the representative of its cluster.
SELECT article_id FROM articles
WHERE article_id = ANY (%(article_ids)s)
ORDER BY date_published NULLS LAST, first_seen_at, article_id;
