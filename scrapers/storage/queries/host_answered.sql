-- The host answers again: the breaker closes.
UPDATE hosts
SET failures = 0, openings = 0, closed_until = CASE WHEN failures < %(limit)s THEN closed_until END
WHERE host = %(host)s AND failures > 0;
