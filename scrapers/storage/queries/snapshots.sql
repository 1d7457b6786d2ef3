-- Raw pages, and the dictionaries that they are compressed with.

-- name: insert_snapshots
-- Keep bodies, but those that are kept already.
INSERT INTO snapshots (sha256, body, place, stored_bytes, bytes, outlet, dictionary_sha256, level)
SELECT given.sha256, given.body, given.place, given.stored_bytes, given.bytes,
       (SELECT outlet FROM runs WHERE run_id = %(run_id)s), %(dictionary_sha256)b, %(level)s
FROM unnest(%(sha256)b::bytea[], %(body)b::bytea[], %(place)s::text[], %(stored_bytes)s::integer[], %(bytes)s::integer[])
     AS given (sha256, body, place, stored_bytes, bytes)
ON CONFLICT DO NOTHING;

-- name: kept_snapshots
-- Which of these bodies are kept already.
SELECT sha256 FROM snapshots WHERE sha256 = ANY (%(sha256)b::bytea[]);

-- name: find_snapshot
-- The compressed body of a snapshot, or its place, and the dictionary that it needs.
SELECT body, dictionary_sha256, place FROM snapshots WHERE sha256 = %(sha256)s;

-- name: find_dictionary
-- A dictionary's compressed body.
SELECT body FROM dictionaries WHERE sha256 = %(sha256)s;

-- name: newest_dictionary
-- The dictionary for an outlet's new snapshots, and how well it did when it was made.
SELECT sha256, ratio FROM dictionaries WHERE outlet = %(outlet)s AND retired_at IS NULL ORDER BY version DESC LIMIT 1;

-- name: newest_dictionary_of_run
-- The dictionary for the new snapshots of a run.
SELECT sha256
FROM dictionaries JOIN runs USING (outlet)
WHERE run_id = %(run_id)s AND retired_at IS NULL
ORDER BY version DESC
LIMIT 1;

-- name: recent_ratio
-- Stored bytes by bytes of the newest snapshots that a crawl has compressed with a dictionary; null for fewer than asked for.
SELECT CASE WHEN count(*) = %(limit)s THEN sum(stored)::float8 / sum(bytes) END
FROM (
    SELECT coalesce(stored_bytes, length(body)) AS stored, bytes
    FROM snapshots
    WHERE dictionary_sha256 = %(dictionary_sha256)s AND level = %(level)s
    ORDER BY first_seen_at DESC
    LIMIT %(limit)s
) AS newest;

-- name: newest_article_snapshots
-- The newest pages of an outlet that articles were read from, but very long ones and those named.
SELECT sha256, body, dictionary_sha256, place
FROM snapshots
WHERE outlet = %(outlet)s AND bytes <= %(bytes)s AND sha256 <> ALL (%(without)b::bytea[])
  AND EXISTS (SELECT FROM revisions WHERE snapshot_sha256 = snapshots.sha256)
ORDER BY first_seen_at DESC, sha256
LIMIT %(limit)s;

-- name: insert_dictionary
-- A new version of an outlet's dictionary; another process may have made the same.
INSERT INTO dictionaries (sha256, outlet, version, pages, body, bytes, ratio)
SELECT %(sha256)s, %(outlet)s, coalesce(max(version), 0) + 1, %(pages)s, %(body)s, %(bytes)s, %(ratio)s
FROM dictionaries
WHERE outlet = %(outlet)s
ON CONFLICT DO NOTHING;

-- name: outlets_with_dictionaries
-- The outlets whose snapshots can be compressed again.
SELECT DISTINCT outlet FROM dictionaries WHERE retired_at IS NULL ORDER BY outlet;

-- name: snapshots_to_pack
-- The oldest snapshots of an outlet that were only compressed as a crawl does.
SELECT sha256, body, dictionary_sha256, place
FROM snapshots
WHERE outlet = %(outlet)s AND level < %(level)s
ORDER BY first_seen_at
LIMIT %(limit)s
FOR UPDATE SKIP LOCKED;

-- name: replace_snapshots
-- The same bodies, compressed better.
UPDATE snapshots
SET body = given.body, place = given.place, stored_bytes = given.stored_bytes,
    dictionary_sha256 = given.dictionary_sha256, level = %(level)s
FROM unnest(%(sha256)b::bytea[], %(body)b::bytea[], %(place)s::text[], %(stored_bytes)s::integer[], %(dictionary_sha256)b::bytea[])
     AS given (sha256, body, place, stored_bytes, dictionary_sha256)
WHERE snapshots.sha256 = given.sha256;

-- name: snapshot_of_page
-- The newest kept answer of a page until a moment, with what was sent and came beside the body.
SELECT fetches.url, fetches.requested_at, fetches.status, fetches.content_type, fetches.snapshot_sha256,
       fetches.request_headers, fetches.response_headers
FROM pages
JOIN fetches USING (page_id)
WHERE pages.url_sha256 = ANY (%(url_sha256)s::bytea[])
  AND fetches.snapshot_sha256 IS NOT NULL
  AND (%(at)s::timestamptz IS NULL OR fetches.requested_at <= %(at)s)
ORDER BY fetches.requested_at DESC, fetches.fetch_id DESC
LIMIT 1;

-- name: first_snapshot_of_page
-- When the first answer of a page that is kept was asked for.
SELECT min(fetches.requested_at)
FROM pages
JOIN fetches USING (page_id)
WHERE pages.url_sha256 = ANY (%(url_sha256)s::bytea[]) AND fetches.snapshot_sha256 IS NOT NULL;

-- name: retire_dictionaries
-- Dictionaries that hold one of these pages are used no more.
UPDATE dictionaries SET retired_at = coalesce(retired_at, now())
WHERE pages && %(pages)b::bytea[]
RETURNING sha256, outlet;

-- name: snapshots_with_dictionary
-- Snapshots that need a dictionary.
SELECT sha256, body, dictionary_sha256, place
FROM snapshots
WHERE dictionary_sha256 = %(dictionary_sha256)s
ORDER BY sha256
LIMIT %(limit)s
FOR UPDATE;

-- name: delete_dictionary
-- A dictionary that no snapshot needs.
DELETE FROM dictionaries WHERE sha256 = %(sha256)s;

-- name: snapshots_in_postgres
-- Some of the snapshots whose bodies are in the table; locked.
SELECT sha256, body FROM snapshots WHERE body IS NOT NULL ORDER BY sha256 LIMIT %(limit)s FOR UPDATE SKIP LOCKED;

-- name: move_snapshots
-- Bodies that are in the store by now.
UPDATE snapshots SET body = NULL, place = given.place, stored_bytes = given.stored_bytes
FROM unnest(%(sha256)b::bytea[], %(place)s::text[], %(stored_bytes)s::integer[]) AS given (sha256, place, stored_bytes)
WHERE snapshots.sha256 = given.sha256;

-- name: unused_places
-- Which of these names of the store no snapshot has.
SELECT name FROM unnest(%(names)s::text[]) AS name WHERE NOT EXISTS (SELECT FROM snapshots WHERE place = name);
