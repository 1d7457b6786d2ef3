-- Keep what a feed announces and the crawl does not take; what was noted before is noted again once an hour.
INSERT INTO untaken_announcements AS noted (feed_id, url_sha256, url, reason)
SELECT DISTINCT ON (url_sha256) %(feed_id)s::bigint, url_sha256, url, reason
FROM unnest(%(url_sha256)b::bytea[], %(url)s::text[], %(reason)s::text[]) AS untaken (url_sha256, url, reason)
ORDER BY url_sha256
ON CONFLICT (feed_id, url_sha256) DO UPDATE
SET reason = excluded.reason, last_seen_at = now()
WHERE noted.reason <> excluded.reason OR noted.last_seen_at < now() - interval '1 hour';
