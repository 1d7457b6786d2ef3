-- Keep what robots.txt answered; where it could not be had, the copy of before stays.
INSERT INTO robots AS kept (origin, body, status, fetched_at, error)
VALUES (%(origin)s, %(body)s, %(status)s, CASE WHEN %(body)s::bytea IS NOT NULL THEN now() END, %(error)s)
ON CONFLICT (origin) DO UPDATE
SET body = coalesce(excluded.body, kept.body),
    fetched_at = coalesce(excluded.fetched_at, kept.fetched_at),
    status = excluded.status,
    asked_at = excluded.asked_at,
    error = excluded.error;
