-- Keep what a feed answered; status is null where it did not.
INSERT INTO feeds AS feed (outlet, url, kind, last_polled_at, last_status, failures, etag, last_modified)
VALUES (%(outlet)s, %(url)s, %(kind)s, now(), %(status)s, %(failed)s::integer, %(etag)s, %(last_modified)s)
ON CONFLICT (url) DO UPDATE
SET last_polled_at = excluded.last_polled_at,
    last_status = excluded.last_status,
    failures = CASE WHEN %(failed)s THEN feed.failures + 1 ELSE 0 END,
    etag = excluded.etag,
    last_modified = excluded.last_modified
RETURNING feed_id;
