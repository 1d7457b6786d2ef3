-- Runs: begun, resumed, found dead, ended.

-- name: insert_run
-- Begin a run; a run that is begun again (a retried task with the same id) is refused by the key.
INSERT INTO runs (run_id, outlet, kind, requested_by, arguments)
VALUES (%(run_id)s, %(outlet)s, %(kind)s, %(requested_by)s, %(arguments)s);

-- name: lock_run
-- Held by the session for as long as the run lives; Postgres lets go of it when the process dies.
SELECT pg_advisory_lock(hashtextextended(%(run_id)s::text, 0));

-- name: running_runs
-- Other runs of the outlet that have not ended, or died.
SELECT run_id FROM runs WHERE outlet = %(outlet)s AND outcome = 'running' AND run_id <> %(own)s;

-- name: lock_run_if_dead
-- True when nobody holds the run's lock: its process is gone.
SELECT pg_try_advisory_xact_lock(hashtextextended(%(run_id)s::text, 0));

-- name: resume_run
-- A run that was taken for dead, and was not.
UPDATE runs SET outcome = 'running', reason = NULL, finished_at = NULL
WHERE run_id = %(run_id)s AND outcome = 'interrupted';

-- name: end_sessions
-- End the run's earlier sessions where Postgres still serves them: their other end is gone, the run's lock is not.
SELECT pg_terminate_backend(pid)
FROM pg_locks
WHERE pid = ANY (%(backends)s) AND pid <> pg_backend_pid() AND locktype = 'advisory' AND objsubid = 1
  AND classid::bigint << 32 | objid::bigint = hashtextextended(%(run_id)s::text, 0);

-- name: count_discovered
-- Count pages as the run's: those that it discovered, and those that it leased of others'.
UPDATE runs SET discovered = discovered + %(pages)s WHERE run_id = %(run_id)s;

-- name: finish_run
-- End a run, unless it has ended already.
UPDATE runs
SET outcome = %(outcome)s, reason = %(reason)s, finished_at = clock_timestamp()
WHERE run_id = %(run_id)s AND outcome = 'running';

-- name: sum_up_page_counts
-- Sum up what statements have noted of the number of an outlet's pages; that of the run.
SELECT sum_up_page_counts(outlet) FROM runs WHERE run_id = %(run_id)s;

-- name: find_run
-- A run as its command and Airflow report it: pages by state, what was transferred, and the outlet's alarms.
SELECT runs.run_id, runs.outlet, kind, requested_by, outcome, reason, runs.started_at, finished_at, discovered,
       (SELECT coalesce(jsonb_object_agg(state, pages), '{}')
        FROM (SELECT state, count(*) AS pages FROM run_pages WHERE run_pages.run_id = runs.run_id GROUP BY state) AS counts
       ) AS counts,
       requests, bytes::bigint AS bytes, not_modified, bytes_saved::bigint AS bytes_saved,
       ARRAY(SELECT concat_ws(' ', rule || ':', nullif(concat_ws(' ', field, subject), '') || ':', summary)
             FROM alarms WHERE alarms.outlet = runs.outlet AND ended_at IS NULL ORDER BY 1) AS alarms
FROM runs
JOIN run_transfer USING (run_id)
WHERE runs.run_id = %(run_id)s;

-- name: seed_was_crawled
-- Whether Airflow has crawled the seed site into this database before.
SELECT EXISTS (SELECT FROM runs WHERE requested_by LIKE 'airflow:crawl_seed/%' AND outcome = 'succeeded');
