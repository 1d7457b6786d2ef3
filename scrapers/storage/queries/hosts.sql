-- What is known of each host: its turn, its breaker, its robots.txt, what it answers for pages that it lacks.

-- name: insert_host
-- Know a host, from its first request on.
INSERT INTO hosts (host) VALUES (%(host)s) ON CONFLICT DO NOTHING;

-- name: take_turn
-- Take the host's next turn if it is due and the host is open; else say how long that will take.
-- After a breaker's pause only one request goes through; the host stays closed to others until that is answered.
WITH turn AS (
    UPDATE hosts
    SET next_request_at = now() + %(delay)s,
        closed_until = CASE WHEN failures >= %(limit)s THEN now() + %(trial)s END
    WHERE host = %(host)s AND next_request_at <= now() AND coalesce(closed_until <= now(), true)
    RETURNING host
)
SELECT EXISTS (TABLE turn) AS taken,
       extract(epoch FROM greatest(next_request_at - now(), '0'))::float AS due_in_s,
       extract(epoch FROM greatest(closed_until - now(), '0'))::float AS closed_s,
       closed_because,
       failures
FROM hosts
WHERE host = %(host)s;

-- name: close_host
-- The host asks to be left alone.
UPDATE hosts
SET closed_until = greatest(closed_until, now() + %(wait)s), closed_because = %(reason)s
WHERE host = %(host)s;

-- name: host_failed
-- Count a page that the host did not answer. The breaker opens at the limit, and again when the request fails that tried.
UPDATE hosts
SET failures = failures + 1,
    closed_because = CASE WHEN opens THEN %(reason)s ELSE closed_because END,
    closed_until = CASE WHEN opens THEN now() + least(%(pause)s * 2 ^ openings, %(longest)s) ELSE closed_until END,
    openings = openings + opens::integer
FROM (
    SELECT host, %(is_trial)s OR (failures + 1 >= %(limit)s AND coalesce(closed_until <= now(), true)) AS opens
    FROM hosts
    WHERE host = %(host)s
    FOR UPDATE
) AS breaker
WHERE hosts.host = breaker.host
RETURNING extract(epoch FROM greatest(closed_until - now(), '0'))::float AS closed_s;

-- name: host_answered
-- The host answers again: the breaker closes.
UPDATE hosts
SET failures = 0, openings = 0, closed_until = CASE WHEN failures < %(limit)s THEN closed_until END
WHERE host = %(host)s AND failures > 0;

-- name: open_host
-- Somebody opens a host: it is asked again at once, its robots.txt too, and the pages that waited for it are due.
WITH opened AS (
    UPDATE hosts
    SET closed_until = NULL, closed_because = NULL, failures = 0, openings = 0
    WHERE host = %(host)s
    RETURNING host
), asked AS (
    UPDATE robots
    SET asked_at = asked_at - interval '1 day'
    FROM opened
    WHERE error IS NOT NULL AND split_part(origin, '/', 3) = host
), due AS (
    UPDATE pages
    SET deferred_until = now()
    FROM opened
    WHERE state = 'deferred' AND deferred_until > now() AND split_part(url, '/', 3) = host
    RETURNING page_id
)
SELECT (SELECT count(*) FROM due) FROM opened;

-- name: closed_hosts
-- Hosts that get no request now.
SELECT host, closed_until, closed_because, failures
FROM hosts
WHERE closed_until > now()
ORDER BY host;

-- name: find_robots
-- The robots.txt of an origin, how old it is, and how long ago it was asked for.
SELECT body, error,
       extract(epoch FROM now() - fetched_at)::float AS age_s,
       extract(epoch FROM now() - asked_at)::float AS asked_s
FROM robots
WHERE origin = %(origin)s;

-- name: keep_robots
-- Keep what robots.txt answered; where it could not be had, the copy of before stays.
INSERT INTO robots AS kept (origin, body, status, fetched_at, error)
VALUES (%(origin)s, %(body)s, %(status)s, CASE WHEN %(body)s::bytea IS NOT NULL THEN now() END, %(error)s)
ON CONFLICT (origin) DO UPDATE
SET body = coalesce(excluded.body, kept.body),
    fetched_at = coalesce(excluded.fetched_at, kept.fetched_at),
    status = excluded.status,
    asked_at = excluded.asked_at,
    error = excluded.error;

-- name: find_probe
-- What the host answered when it was asked for a page that cannot exist, unless that is too long ago.
SELECT not_found_words, not_found_url FROM hosts WHERE host = %(host)s AND probed_at > now() - %(fresh)s;

-- name: keep_probe
-- Keep what a host answered when it was asked for a page that cannot exist.
UPDATE hosts SET probed_at = now(), not_found_words = %(words)s, not_found_url = %(url)s WHERE host = %(host)s;

-- name: find_tdm_rules
-- What the host reserves, unless it was asked too long ago.
SELECT tdm_rules FROM hosts WHERE host = %(host)s AND tdm_asked_at > now() - %(fresh)s;

-- name: keep_tdm_rules
-- Keep what a host's /.well-known/tdmrep.json reserves.
UPDATE hosts SET tdm_asked_at = now(), tdm_rules = %(rules)s WHERE host = %(host)s;
