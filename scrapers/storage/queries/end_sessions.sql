-- End the run's earlier sessions where Postgres still serves them: their other end is gone, the run's lock is not.
SELECT pg_terminate_backend(pid)
FROM pg_locks
WHERE pid = ANY (%(backends)s) AND pid <> pg_backend_pid() AND locktype = 'advisory' AND objsubid = 1
  AND classid::bigint << 32 | objid::bigint = hashtextextended(%(run_id)s::text, 0);
