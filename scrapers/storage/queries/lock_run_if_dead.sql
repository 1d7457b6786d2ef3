-- True when nobody holds the run's lock: its process is gone.
SELECT pg_try_advisory_xact_lock(hashtextextended(%(run_id)s::text, 0));
