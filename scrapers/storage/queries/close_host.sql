-- The host asks to be left alone.
UPDATE hosts
SET closed_until = greatest(closed_until, now() + %(wait)s), closed_because = %(reason)s
WHERE host = %(host)s;
