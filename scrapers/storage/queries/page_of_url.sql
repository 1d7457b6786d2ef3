SELECT page.page_id, page.outlet, page.url, page.state, page.reason, page.attempts, page.discovered_at, page.discovered_in,
       page.first_stored_at, page.last_fetched_at, page.next_fetch_at, page.deferred_until,
       page.announced_title, page.announced_author, page.announced_published, page.announced_modified,
       article.withdrawn_at, article.withdrawn_reason, original.url AS duplicate_of
FROM pages AS page
LEFT JOIN articles AS article ON article.article_id = (SELECT max(article_id) FROM articles WHERE articles.page_id = page.page_id)
LEFT JOIN pages AS original ON original.page_id = page.duplicate_of
WHERE page.url_sha256 = %(url_sha256)s;
