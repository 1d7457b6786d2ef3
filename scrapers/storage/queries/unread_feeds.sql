-- Forget what was read of these feeds for another outlet, by other address rules, or as another kind of feed: that it did
-- not change since says nothing of what this outlet would take of it.
UPDATE feeds AS feed
SET etag = NULL, last_modified = NULL, content_sha256 = NULL, read_lastmod = NULL, last_read_at = NULL,
    last_polled_at = NULL, next_poll_at = NULL
FROM unnest(%(url)s::text[], %(kind)s::text[]) AS named (url, kind)
WHERE feed.url = named.url AND feed.last_polled_at IS NOT NULL
  AND (feed.outlet, feed.kind, feed.declaration) IS DISTINCT FROM (%(outlet)s, named.kind, %(declaration)s);
