-- End the run's earlier session where Postgres still serves it: its other end is gone, its lock is not.
SELECT pg_terminate_backend(pid)
FROM pg_locks
WHERE pid = %(backend)s AND pid <> pg_backend_pid() AND locktype = 'advisory' AND objsubid = 1
  AND classid::bigint << 32 | objid::bigint = hashtextextended(%(run_id)s::text, 0);
