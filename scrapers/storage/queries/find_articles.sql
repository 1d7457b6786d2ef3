-- The articles that a page's result may be of, with the content of their newest revisions, locked against other writers:
-- those read from the page, the one under its own address, the one under the address that it claims, the one that was
-- read from the page of that address, or from what that page duplicates, those that claim the same or this address, and
-- the outlet's with the same text under another form of the address: with or without `.html`, `www.`, a slash.
SELECT articles.article_id, articles.page_id, source.url AS page_url, articles.canonical_url, articles.revision,
       articles.claimed_url, articles.content_sha256, articles.provenance, articles.date_published_precision, revisions.content,
       articles.withdrawn_at IS NOT NULL AS is_withdrawn,
       EXISTS (SELECT FROM pages AS claimed
               WHERE claimed.url_sha256 = %(claimed_sha256)s
                 AND articles.page_id = coalesce(claimed.duplicate_of, claimed.page_id)) AS is_at_claimed
FROM articles
JOIN revisions USING (article_id, revision)
JOIN pages AS source USING (page_id)
WHERE article_id IN (
    SELECT article_id FROM articles WHERE page_id = %(page_id)s
    UNION
    SELECT article_id FROM articles WHERE canonical_url_sha256 = ANY (%(claimed_sha256)s::bytea || %(address_sha256)b::bytea[])
    UNION
    SELECT article_id
    FROM pages AS claimed JOIN articles ON articles.page_id = coalesce(claimed.duplicate_of, claimed.page_id)
    WHERE claimed.url_sha256 = %(claimed_sha256)s
    UNION
    SELECT article_id FROM articles WHERE claimed_url IN (%(claimed)s, %(page_url)s)
    UNION
    SELECT article_id
    FROM articles
    WHERE md5(url_key) IN (
          md5(%(url_key)s::text), md5(%(url_key)s::text || '.html'), md5(regexp_replace(%(url_key)s::text, '\.html?$', '')))
      AND outlet = %(outlet)s AND body_sha256 = %(body_sha256)s)
ORDER BY article_id
FOR UPDATE OF articles;
