-- Keep what a feed said of pages; what it said before is noted once an hour.
INSERT INTO announcements AS said (page_id, feed_id, title, published, modified)
SELECT DISTINCT page.page_id, %(feed_id)s::bigint, link.title, link.published, link.modified
FROM unnest(%(url_sha256)b::bytea[], %(title)s::text[], %(published)s::timestamptz[], %(modified)s::timestamptz[])
     AS link (url_sha256, title, published, modified)
JOIN pages AS page USING (url_sha256)
WHERE link.title IS NOT NULL OR link.published IS NOT NULL OR link.modified IS NOT NULL
ON CONFLICT (page_id, feed_id, published, modified, title) DO UPDATE
SET last_seen_at = now()
WHERE said.last_seen_at < now() - interval '1 hour';
