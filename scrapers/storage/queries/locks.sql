-- Advisory locks, so that one at a time does what two must not do together.

-- name: lock
-- Wait for a lock, and hold it until the transaction ends.
SELECT pg_advisory_xact_lock(%(lock)s);

-- name: try_lock
-- Whether the lock was free: then it is held until the transaction ends.
SELECT pg_try_advisory_xact_lock(%(lock)s);

-- name: try_session_lock
-- Whether the lock of this name was free: then the session holds it until it is released.
SELECT pg_try_advisory_lock(hashtextextended(%(name)s::text, 0));

-- name: release_session_lock
-- Let another session have the lock of this name.
SELECT pg_advisory_unlock(hashtextextended(%(name)s::text, 0));
