-- Keep what a feed said of pages; what it said before is noted once an hour.
INSERT INTO announcements AS said (page_id, feed_id, title, published, modified, author)
SELECT DISTINCT ON (page.page_id, link.title, link.published, link.modified)
       page.page_id, %(feed_id)s::bigint, link.title, link.published, link.modified, string_to_array(link.author, E'\n')
FROM unnest(%(url_sha256)b::bytea[], %(title)s::text[], %(published)s::timestamptz[], %(modified)s::timestamptz[],
            %(author)s::text[])
     AS link (url_sha256, title, published, modified, author)
JOIN pages AS page USING (url_sha256)
WHERE link.title IS NOT NULL OR link.published IS NOT NULL OR link.modified IS NOT NULL OR link.author IS NOT NULL
ORDER BY page.page_id, link.title, link.published, link.modified, link.author
ON CONFLICT (page_id, feed_id, published, modified, title) DO UPDATE
SET last_seen_at = now(), author = coalesce(excluded.author, said.author)
WHERE said.last_seen_at < now() - interval '1 hour'
   OR excluded.author IS NOT NULL AND excluded.author IS DISTINCT FROM said.author;
