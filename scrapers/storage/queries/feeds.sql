-- Feeds: which are declared, which are due, what they answered and announced.

-- name: name_feeds
-- Add the feeds that an outlet declares, or that another feed names; one that is declared stays so.
INSERT INTO feeds AS feed (outlet, url, kind, parameters, announced_lastmod, found_in, declaration)
SELECT DISTINCT ON (url) %(outlet)s, url, kind, parameters, lastmod, %(found_in)s::bigint, %(declaration)s
FROM unnest(%(url)s::text[], %(kind)s::text[], %(parameters)s::jsonb[], %(lastmod)s::text[])
     AS named (url, kind, parameters, lastmod)
ORDER BY url
ON CONFLICT (url) DO UPDATE
SET outlet = excluded.outlet, kind = excluded.kind, parameters = excluded.parameters, declaration = excluded.declaration,
    announced_lastmod = excluded.announced_lastmod, found_in = excluded.found_in, retired_at = NULL
WHERE (feed.outlet, feed.kind, feed.parameters, feed.announced_lastmod, feed.found_in, feed.retired_at, feed.declaration)
      IS DISTINCT FROM (excluded.outlet, excluded.kind, excluded.parameters, excluded.announced_lastmod,
                        excluded.found_in, excluded.retired_at, excluded.declaration)
  AND (excluded.found_in IS NULL OR feed.found_in IS NOT NULL OR feed.retired_at IS NOT NULL
       OR feed.outlet <> excluded.outlet);

-- name: unread_feeds
-- Forget what was read of these feeds for another outlet, by other address rules, or as another kind of feed: that it did
-- not change since says nothing of what this outlet would take of it.
UPDATE feeds AS feed
SET etag = NULL, last_modified = NULL, content_sha256 = NULL, read_lastmod = NULL, last_read_at = NULL,
    last_polled_at = NULL, next_poll_at = NULL
FROM unnest(%(url)s::text[], %(kind)s::text[]) AS named (url, kind)
WHERE feed.url = named.url AND feed.last_polled_at IS NOT NULL
  AND (feed.outlet, feed.kind, feed.declaration) IS DISTINCT FROM (%(outlet)s, named.kind, %(declaration)s);

-- name: retire_feeds
-- Retire what the outlet does not declare any more, or the feed does not name any more, and what was named by that.
WITH RECURSIVE gone AS (
    SELECT feed_id FROM feeds
    WHERE outlet = %(outlet)s AND found_in IS NOT DISTINCT FROM %(found_in)s AND retired_at IS NULL
      AND url <> ALL (%(url)s::text[])
    UNION
    SELECT feeds.feed_id FROM gone JOIN feeds ON feeds.found_in = gone.feed_id WHERE retired_at IS NULL
)
UPDATE feeds SET retired_at = now() FROM gone WHERE feeds.feed_id = gone.feed_id;

-- name: due_feeds
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

-- name: poll_feed
-- Keep what a feed answered, and when it is due again. `error` is null where it could be read or is unchanged; then what
-- is null of its answer (304 Not Modified) stays as it was. A sitemap that did not change while its index said so has
-- confirmed its lastmod; one that did is never believed again.
UPDATE feeds
SET last_polled_at = now(),
    polled_by = nullif(feeds.polled_by, %(run_id)s),
    last_status = %(status)s,
    error = %(error)s,
    failures = CASE WHEN %(error)s::text IS NULL THEN 0 ELSE feeds.failures + 1 END,
    etag = CASE WHEN %(is_read)s THEN %(etag)s ELSE feeds.etag END,
    last_modified = CASE WHEN %(is_read)s THEN %(last_modified)s ELSE feeds.last_modified END,
    content_sha256 = CASE WHEN %(is_read)s THEN %(content_sha256)s ELSE feeds.content_sha256 END,
    bytes = CASE WHEN %(is_read)s THEN %(bytes)s ELSE feeds.bytes END,
    links = CASE WHEN %(is_read)s THEN %(links)s ELSE feeds.links END,
    announced = CASE WHEN %(is_read)s THEN %(announced)s ELSE feeds.announced END,
    taken = CASE WHEN %(is_read)s THEN %(taken)s ELSE feeds.taken END,
    untaken = CASE WHEN %(is_read)s THEN %(untaken)s ELSE feeds.untaken END,
    is_lastmod_confirmed = learned.is_same_lastmod AND NOT %(is_changed)s,
    is_lastmod_wrong = feeds.is_lastmod_wrong OR learned.is_same_lastmod AND %(is_changed)s,
    read_lastmod = CASE WHEN %(error)s::text IS NULL THEN %(lastmod)s ELSE feeds.read_lastmod END,
    last_read_at = CASE WHEN %(error)s::text IS NULL THEN now() ELSE feeds.last_read_at END,
    last_changed_at = CASE WHEN %(is_changed)s THEN now() ELSE feeds.last_changed_at END,
    poll_interval = learned.poll_interval,
    next_poll_at = now() + CASE WHEN learned.is_same_lastmod AND NOT %(is_changed)s AND NOT feeds.is_lastmod_wrong
                                THEN %(confirmed)s
                                WHEN %(error)s::text IS NULL THEN learned.poll_interval
                                ELSE greatest(%(wait)s, least(%(longest)s, %(shortest)s * 2 ^ least(feeds.failures, 20))) END
FROM (
    SELECT feed_id, CASE WHEN %(error)s::text IS NOT NULL THEN poll_interval
                         WHEN %(is_changed)s THEN greatest(%(shortest)s, poll_interval / 2)
                         ELSE least(%(longest)s, poll_interval * 1.5) END AS poll_interval,
           -- no error, and its index says of it what it said when it was last read, which is no day that goes on
           %(error)s::text IS NULL AND coalesce(read_lastmod = %(lastmod)s::text, false)
           AND NOT (%(lastmod)s::text ~ '^\d{4}-\d\d-\d\d$'
                    AND %(lastmod)s::text > to_char(now() - interval '2 days', 'YYYY-MM-DD'))
           AS is_same_lastmod
    FROM feeds WHERE feed_id = %(feed_id)s
) AS learned
WHERE feeds.feed_id = learned.feed_id;

-- name: insert_announcements
-- Keep what a feed said of pages; what it said before is noted once an hour.
INSERT INTO announcements AS said (page_id, feed_id, title, published, modified, author)
SELECT DISTINCT ON (page.page_id, link.title, link.published, link.modified)
       page.page_id, %(feed_id)s::bigint, link.title, link.published, link.modified, string_to_array(link.author, E'\n')
FROM unnest(%(url_sha256)b::bytea[], %(title)s::text[], %(published)s::timestamptz[], %(modified)s::timestamptz[],
            %(author)s::text[])
     AS link (url_sha256, title, published, modified, author)
JOIN pages AS page USING (url_sha256)
WHERE (link.title IS NOT NULL OR link.published IS NOT NULL OR link.modified IS NOT NULL OR link.author IS NOT NULL)
  AND page.reason IS DISTINCT FROM 'taken_down'
ORDER BY page.page_id, link.title, link.published, link.modified, link.author
ON CONFLICT (page_id, feed_id, published, modified, title) DO UPDATE
SET last_seen_at = now(), author = coalesce(excluded.author, said.author)
WHERE said.last_seen_at < now() - interval '1 hour'
   OR excluded.author IS NOT NULL AND excluded.author IS DISTINCT FROM said.author;

-- name: insert_untaken
-- Keep what a feed announces and the crawl does not take; what was noted before is noted again once an hour.
INSERT INTO untaken_announcements AS noted (feed_id, url_sha256, url, reason)
SELECT DISTINCT ON (url_sha256) %(feed_id)s::bigint, url_sha256, url, reason
FROM unnest(%(url_sha256)b::bytea[], %(url)s::text[], %(reason)s::text[]) AS untaken (url_sha256, url, reason)
ORDER BY url_sha256
ON CONFLICT (feed_id, url_sha256) DO UPDATE
SET reason = excluded.reason, last_seen_at = now()
WHERE noted.reason <> excluded.reason OR noted.last_seen_at < now() - interval '1 hour';

-- name: trim_untaken
-- Of what a feed announced and was not taken, keep what was seen last.
DELETE FROM untaken_announcements AS noted
USING (SELECT url_sha256 FROM untaken_announcements WHERE feed_id = %(feed_id)s
       ORDER BY last_seen_at DESC, first_seen_at DESC, url_sha256 OFFSET %(most)s) AS older
WHERE noted.feed_id = %(feed_id)s AND noted.url_sha256 = older.url_sha256;
