-- The feeds of an outlet, or of a feed that names them, that are to be polled now. A sitemap that was read is asked for
-- again when its index says that it changed, every other feed when its time has come; a crawl that somebody asked for
-- does not wait for that, a full one for nothing. A tenth of the interval is the slack of a schedule.
SELECT feed_id, url, kind, parameters, announced_lastmod, etag, last_modified, content_sha256
FROM feeds
WHERE outlet = %(outlet)s
  AND found_in IS NOT DISTINCT FROM %(found_in)s
  AND retired_at IS NULL
  AND (%(full)s
       OR CASE WHEN announced_lastmod IS NOT NULL AND last_read_at IS NOT NULL AND failures = 0
               THEN announced_lastmod IS DISTINCT FROM read_lastmod
               ELSE %(asked)s OR next_poll_at IS NULL OR next_poll_at - poll_interval / 10 <= now() END)
ORDER BY announced_lastmod DESC NULLS LAST, feed_id;
