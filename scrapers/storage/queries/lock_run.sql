-- Held by the session for as long as the run lives; Postgres lets go of it when the process dies.
SELECT pg_advisory_lock(hashtextextended(%(run_id)s::text, 0));
