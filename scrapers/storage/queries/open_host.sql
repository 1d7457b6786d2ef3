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
