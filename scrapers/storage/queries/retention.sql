-- What is older than it is kept.

-- name: outlets_with_runs
-- All outlets that were ever crawled or ingested.
WITH RECURSIVE found AS (
    (SELECT outlet FROM runs ORDER BY outlet LIMIT 1)
    UNION ALL
    SELECT (SELECT outlet FROM runs WHERE runs.outlet > found.outlet ORDER BY outlet LIMIT 1)
    FROM found
    WHERE found.outlet IS NOT NULL
)
SELECT outlet FROM found WHERE outlet IS NOT NULL;

-- name: snapshots_to_prune
-- Raw pages of an outlet that have not come for so many months; locked. Pages in quarantine or under way keep theirs.
SELECT sha256
FROM snapshots
WHERE outlet = %(outlet)s AND first_seen_at < now() - make_interval(months => %(months)s)
  AND NOT EXISTS (
      SELECT FROM fetches LEFT JOIN pages USING (page_id)
      WHERE snapshot_sha256 = sha256
        AND (state IN ('quarantined', 'leased') OR requested_at >= now() - make_interval(months => %(months)s)))
ORDER BY first_seen_at
LIMIT %(limit)s
FOR UPDATE OF snapshots SKIP LOCKED;

-- name: forget_snapshots
-- What was read from raw pages that go stays, and names them no longer.
WITH answers AS (
    UPDATE fetches SET snapshot_sha256 = NULL, request_headers = NULL, response_headers = NULL
    WHERE snapshot_sha256 = ANY (%(sha256)s::bytea[])
)
UPDATE revisions SET snapshot_sha256 = NULL WHERE snapshot_sha256 = ANY (%(sha256)s::bytea[]);

-- name: runs_to_prune
-- An outlet's runs that began so many months ago, have ended and are whole.
SELECT run_id
FROM runs
WHERE outlet = %(outlet)s AND started_at < now() - make_interval(months => %(months)s)
  AND finished_at IS NOT NULL AND pruned_at IS NULL
ORDER BY started_at;

-- name: prune_fetches
-- The log of a run's requests, but those whose body is kept, the last of each page, and its last that was answered.
DELETE FROM fetches
WHERE run_id = %(run_id)s AND snapshot_sha256 IS NULL
  AND (page_id IS NULL OR EXISTS (
      SELECT FROM fetches AS later
      WHERE later.page_id = fetches.page_id AND later.fetch_id > fetches.fetch_id
        AND (later.outcome = 'answered' OR fetches.outcome <> 'answered')));

-- name: prune_run_pages
-- A run's account of its pages, but of those that no later run has had.
DELETE FROM run_pages
WHERE run_id = %(run_id)s
  AND NOT EXISTS (SELECT FROM pages WHERE pages.page_id = run_pages.page_id AND pages.run_id = run_pages.run_id);

-- name: prune_run_fields
-- By which rules a run found fields; alarms look back a month.
DELETE FROM run_fields WHERE run_id = %(run_id)s;

-- name: note_pruned
-- The run is not whole any longer.
UPDATE runs SET pruned_at = now() WHERE run_id = %(run_id)s;

-- name: delete_run_without_traces
-- A pruned run that no page, fetch or revision names.
DELETE FROM runs
WHERE run_id = %(run_id)s AND pruned_at IS NOT NULL
  AND NOT EXISTS (SELECT FROM pages WHERE pages.run_id = runs.run_id)
  AND NOT EXISTS (SELECT FROM run_pages WHERE run_pages.run_id = runs.run_id)
  AND NOT EXISTS (SELECT FROM fetches WHERE fetches.run_id = runs.run_id)
  AND NOT EXISTS (SELECT FROM revisions WHERE revisions.run_id = runs.run_id);

-- name: prune_announcements
-- Some of what an outlet's feeds have not said for so many months.
DELETE FROM announcements
WHERE ctid = ANY (ARRAY(
    SELECT announcements.ctid
    FROM announcements JOIN feeds USING (feed_id)
    WHERE outlet = %(outlet)s
      AND first_seen_at < now() - make_interval(months => %(months)s)
      AND last_seen_at < now() - make_interval(months => %(months)s)
    ORDER BY first_seen_at
    LIMIT %(limit)s
    FOR UPDATE OF announcements SKIP LOCKED));

-- name: prune_robots
-- robots.txt of origins that nobody has asked for in so many months.
DELETE FROM robots WHERE asked_at < now() - make_interval(months => %(months)s);

-- name: prune_delivery_tries
-- Tries to deliver messages so many months ago.
DELETE FROM delivery_tries WHERE tried_at < now() - make_interval(months => %(months)s);

-- name: prune_event_deliveries
-- Messages of crawls and alarms from so many months ago; those of watches say what was told, and stay with their watch.
DELETE FROM deliveries WHERE watch_id IS NULL AND created_at < now() - make_interval(months => %(months)s);

-- name: delete_unused_dictionaries
-- Dictionaries that no snapshot needs, but each outlet's newest. One that was the newest an hour ago may be in use yet.
DELETE FROM dictionaries
WHERE NOT EXISTS (SELECT FROM snapshots WHERE dictionary_sha256 = dictionaries.sha256)
  AND (retired_at < now() - interval '1 hour'
       OR EXISTS (
           SELECT FROM dictionaries AS newer
           WHERE newer.outlet = dictionaries.outlet AND newer.version > dictionaries.version
             AND newer.retired_at IS NULL AND newer.made_at < now() - interval '1 hour'))
RETURNING outlet, version, length(body);
