-- The database itself: its migrations, its roles and its clock.

-- name: create_migrations
-- The table that the runner itself needs, before the first migration.
CREATE TABLE IF NOT EXISTS migrations (
    name        text PRIMARY KEY,
    sha256      text NOT NULL,
    applied_at  timestamptz NOT NULL DEFAULT now()
);

-- name: applied_migrations
-- The migrations that this database has.
SELECT name, sha256 FROM migrations;

-- name: insert_migration
-- Note that a migration was applied.
INSERT INTO migrations (name, sha256) VALUES (%(name)s, %(sha256)s);

-- name: forget_migrations
-- Forget what was applied: others do the same work, and are recorded in its place.
DELETE FROM migrations;

-- name: schema_is_ready
-- Whether this database has been migrated at all.
SELECT to_regclass('migrations') IS NOT NULL;

-- name: may_read
-- Whether this role may read Warta's articles.
SELECT coalesce(has_table_privilege(to_regclass('articles'), 'SELECT'), false);

-- name: standing_since
-- When the first migration was applied.
SELECT min(applied_at) FROM migrations;

-- name: missing_roles
-- Roles of Warta that the server lacks.
SELECT role
FROM unnest('{warta_reader,warta_writer}'::text[]) AS role
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role);

-- name: server_clock
-- What time it is on the server.
SELECT clock_timestamp();
