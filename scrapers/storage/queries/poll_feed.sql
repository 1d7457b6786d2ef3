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
