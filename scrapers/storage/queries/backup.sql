-- What a backup is made of, and what a restored one needs.

-- name: begin_backup
-- What pg_dump and the counts beside it both see.
SELECT pg_export_snapshot();

-- name: own_tables
-- All tables.
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname;

-- name: make_roles
-- A backup has neither roles nor rights: they are the server's.
SELECT create_roles(), grant_to_roles();

-- name: count_ledger_faults
-- Breaches of what must hold of the ledger.
SELECT count(*) FROM ledger_faults;
