-- Take the host's next turn if it is due and the host is open; else say how long that will take.
-- After a breaker's pause only one request goes through; the host stays closed to others until that is answered.
WITH turn AS (
    UPDATE hosts
    SET next_request_at = now() + %(delay)s,
        closed_until = CASE WHEN failures >= %(limit)s THEN now() + %(probe)s END
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
