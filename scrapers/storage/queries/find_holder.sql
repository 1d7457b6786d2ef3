-- The article that has an address, and the page that it was read from; locked against other writers.
SELECT articles.article_id, pages.url
FROM articles JOIN pages USING (page_id)
WHERE articles.canonical_url_sha256 = %(canonical_url_sha256)s
FOR UPDATE OF articles;
