-- The newest articles as `warta articles` shows them.
SELECT article_id, date_published, outlet, headline, revision, nullif(representative_id, article_id) AS copy_of
FROM latest_articles
LEFT JOIN clusters USING (article_id)
ORDER BY at DESC, article_id DESC
LIMIT %(articles)s;
