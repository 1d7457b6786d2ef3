-- The article of a canonical URL with the content of its newest revision, locked against other writers.
SELECT articles.article_id, articles.page_id, articles.revision, articles.content_sha256, revisions.content
FROM articles
JOIN revisions USING (article_id, revision)
WHERE articles.canonical_url_sha256 = %(canonical_url_sha256)s
FOR UPDATE OF articles;
