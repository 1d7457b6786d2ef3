-- What is stored, in bytes.

-- name: table_sizes
-- Each table's bytes, those of its indexes, and its rows as of the last ANALYZE (null before the first); the largest first.
SELECT relname AS name, pg_table_size(oid) AS table_bytes, pg_indexes_size(oid) AS index_bytes,
       CASE WHEN reltuples >= 0 THEN reltuples::bigint END AS rows
FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
ORDER BY pg_total_relation_size(oid) DESC, relname;

-- name: articles_by_outlet
-- Articles of each outlet, those of the last seven days, and when the first was stored.
SELECT outlet, count(*) AS articles,
       count(*) FILTER (WHERE first_seen_at > now() - interval '7 days') AS of_seven_days,
       min(first_seen_at) AS first_seen_at
FROM articles
GROUP BY outlet
ORDER BY outlet;

-- name: snapshots_by_outlet
-- Raw pages of each outlet, their bytes, and those that they take compressed, in Postgres or in the store.
SELECT coalesce(outlet, '') AS outlet, count(*) AS raw_pages, sum(bytes)::bigint AS bytes, coalesce(sum(coalesce(stored_bytes, length(body))), 0)::bigint AS stored_bytes
FROM snapshots
GROUP BY outlet
ORDER BY outlet;

-- name: snapshots_from
-- Some raw pages in the order of their hashes, which is no order of their contents.
SELECT sha256, length(body) FROM snapshots WHERE sha256 >= %(sha256)s AND body IS NOT NULL ORDER BY sha256 LIMIT %(limit)s;

-- name: bloated_tables
-- Tables a fifth of whose rows are dead, where that is more than autovacuum waits for.
SELECT relname, n_live_tup, n_dead_tup, last_autovacuum
FROM pg_stat_user_tables
WHERE n_dead_tup > 10000 AND n_dead_tup > 0.25 * n_live_tup
ORDER BY n_dead_tup DESC;
