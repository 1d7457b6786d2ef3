-- Take the feeds of an outlet, or of a feed that names them, that are to be polled now, and return them with those that
-- another crawl is polling. A feed is due when its time has come; a crawl that somebody asked for does not wait for that,
-- but for sitemaps that have confirmed that they do not change while their index gives the same lastmod. `unread_only`
-- leaves out what was read before. What was polled since the crawl began, by whomever, is new enough, unless it is
-- `alone`: a full one, which waits for nothing and reads what another takes for known, and one of some days. A tenth of
-- the interval is the slack of a schedule.
WITH due AS (
    SELECT feed_id, polled_by IS DISTINCT FROM %(run_id)s AND EXISTS (
               SELECT FROM runs WHERE runs.run_id = feeds.polled_by AND outcome = 'running') AS is_taken
    FROM feeds
    WHERE outlet = %(outlet)s
      AND (%(anywhere)s OR found_in IS NOT DISTINCT FROM %(found_in)s)
      AND retired_at IS NULL
      AND (%(alone)s OR last_polled_at IS NULL
           OR last_polled_at < (SELECT started_at FROM runs WHERE runs.run_id = %(run_id)s))
      AND (NOT %(unread_only)s OR last_read_at IS NULL)
      AND (%(full)s
           OR next_poll_at IS NULL
           OR next_poll_at - poll_interval / 10 <= now()
           OR announced_lastmod IS DISTINCT FROM read_lastmod AND announced_lastmod IS NOT NULL AND failures = 0
           OR %(asked)s AND NOT (is_lastmod_confirmed AND NOT is_lastmod_wrong AND failures = 0))
    ORDER BY feed_id
    FOR UPDATE
),
taken AS (
    UPDATE feeds SET polled_by = %(run_id)s
    FROM due WHERE feeds.feed_id = due.feed_id AND NOT is_taken AND NOT %(alone)s
)
SELECT feed_id, url, kind, parameters, announced_lastmod, etag, last_modified, content_sha256,
       is_taken AND NOT %(alone)s AS is_taken
FROM due JOIN feeds USING (feed_id)
ORDER BY announced_lastmod DESC NULLS LAST, feed_id;
