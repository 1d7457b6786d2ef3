-- Count a page that the host did not answer. The breaker opens at the limit, and again when the request fails that tried.
UPDATE hosts
SET failures = failures + 1,
    closed_because = CASE WHEN opens THEN %(reason)s ELSE closed_because END,
    closed_until = CASE WHEN opens THEN now() + least(%(pause)s * 2 ^ openings, %(longest)s) ELSE closed_until END,
    openings = openings + opens::integer
FROM (
    SELECT host, %(is_probe)s OR (failures + 1 >= %(limit)s AND coalesce(closed_until <= now(), true)) AS opens
    FROM hosts
    WHERE host = %(host)s
    FOR UPDATE
) AS breaker
WHERE hosts.host = breaker.host
RETURNING extract(epoch FROM greatest(closed_until - now(), '0'))::float AS closed_s;
