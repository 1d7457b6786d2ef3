-- One dedup at a time; a second one waits and then finds nothing left to do.
SELECT pg_advisory_xact_lock(%(lock)s);
