-- Exports: the corpus as it was known at a moment.

-- name: export_moment
-- The present moment, by the database's clock.
SELECT now();

-- name: settled_moment
-- The newest moment, `asked` at most, of which all is known: no transaction that began then or before is still open. What
-- one stores bears the time at which it began, and is seen when it ends. Null where the server hides since when another
-- role's transaction is open (it shows that to members of pg_read_all_stats). Autovacuum, which has no user, stores nothing.
SELECT nullif(least(%(asked)s, min(coalesce(xact_start, '-infinity')) - interval '1 microsecond'), '-infinity')
FROM pg_stat_activity
WHERE datname = current_database() AND usesysid IS NOT NULL AND pid <> pg_backend_pid()
  AND pid IN (SELECT pid FROM pg_locks WHERE locktype = 'virtualxid' AND mode = 'ExclusiveLock');

-- name: first_article_at
-- When the first article was stored.
SELECT min(first_seen_at) FROM articles;

-- name: export_plan
-- The articles of an export with the revision that was the newest at its moment, in the order of its files: by outlet,
-- month of publication and id. Articles that were revised since are looked up in their revisions.
WITH known AS (
    SELECT article_id, revision, outlet, canonical_url, first_seen_at, revised_at AS stored_at, date_published,
           article_section, in_language, kind
    FROM articles
    WHERE revised_at <= %(as_of)s
    UNION ALL
    SELECT article_id, newest.revision, outlet, canonical_url, first_seen_at, stored_at,
           (content ->> 'date_published')::timestamptz,
           ARRAY(SELECT jsonb_array_elements_text(content -> 'article_section')), content ->> 'in_language', content ->> 'kind'
    FROM articles
    CROSS JOIN LATERAL (
        SELECT revision, stored_at, content FROM revisions
        WHERE revisions.article_id = articles.article_id AND stored_at <= %(as_of)s
        ORDER BY revision DESC LIMIT 1
    ) AS newest
    WHERE first_seen_at <= %(as_of)s AND revised_at > %(as_of)s
), dated AS (
    SELECT *, coalesce(date_published, first_seen_at) AT TIME ZONE 'UTC' AS published FROM known
), moved AS (
    SELECT DISTINCT ON (article_id) article_id, canonical_url AS former_url
    FROM former_addresses
    WHERE until > %(as_of)s
    ORDER BY article_id, former_address_id
), withdrawn AS (
    SELECT DISTINCT ON (article_id) article_id, withdrawn_at, reason
    FROM withdrawals
    WHERE withdrawn_at <= %(as_of)s AND (restored_at IS NULL OR restored_at > %(as_of)s)
    ORDER BY article_id, withdrawn_at DESC
)
SELECT outlet, to_char(published, 'YYYY-MM') AS month, article_id, revision,
       coalesce(former_url, canonical_url) AS canonical_url, first_seen_at, stored_at,
       representative_id AS cluster_id, cluster.kind AS copy_kind, withdrawn_at, reason AS withdrawn_reason
FROM dated
LEFT JOIN clusters_as_of(%(as_of)s) AS cluster USING (article_id)
LEFT JOIN moved USING (article_id)
LEFT JOIN withdrawn USING (article_id)
WHERE (%(outlet)s::text[] IS NULL OR outlet = ANY (%(outlet)s))
  AND (%(since)s::date IS NULL OR published >= %(since)s::date)
  AND (%(until)s::date IS NULL OR published < %(until)s::date + 1)
  AND (%(section)s::text IS NULL OR EXISTS (
      SELECT FROM unnest(article_section) AS section WHERE lower(section) = lower(%(section)s)))
  AND (%(language)s::text IS NULL OR lower(in_language) = lower(%(language)s)
       OR starts_with(lower(in_language), lower(%(language)s) || '-'))  -- RFC 4647, basic filtering: `id` takes `id-ID`
  AND (%(kind)s::text IS NULL OR dated.kind = %(kind)s)
  AND (%(level)s = 'all' OR representative_id IS NULL OR representative_id = article_id
       OR (%(level)s = 'unique' AND cluster.kind <> 'exact'))
ORDER BY outlet COLLATE "C", month, article_id;

-- name: planned_articles
-- Articles by id, with the columns that an export knows of each before it reads its text, in the order of their ids.
SELECT articles.outlet, to_char(coalesce(date_published, first_seen_at) AT TIME ZONE 'UTC', 'YYYY-MM') AS month, article_id,
       revision, canonical_url, first_seen_at, revised_at, representative_id, clusters.kind, withdrawn_at, withdrawn_reason
FROM articles
LEFT JOIN clusters USING (article_id)
WHERE article_id = ANY (%(article_ids)s)
ORDER BY article_id;

-- name: export_revisions
-- Revisions in the order of their articles' ids, their content as JSON in UTF-8, with what robots.txt and the page said of
-- its use when it was read.
SELECT url, robots, opt_outs, convert_to(content::text, 'UTF8')
FROM (
    SELECT * FROM unnest(%(article_ids)b::bigint[], %(revisions)b::integer[]) AS wanted (article_id, revision)
    ORDER BY article_id
) AS given
-- LIMIT 1: looked up for each article, whatever the planner thinks of how many are wanted
CROSS JOIN LATERAL (
    SELECT * FROM revisions WHERE (article_id, revision) = (given.article_id, given.revision) LIMIT 1
) AS revised
LEFT JOIN LATERAL (
    SELECT robots, opt_outs FROM fetches
    WHERE snapshot_sha256 = revised.snapshot_sha256 AND run_id = revised.run_id
    ORDER BY fetch_id LIMIT 1
) AS answer ON true
ORDER BY given.article_id;

-- name: withdrawn_since
-- Articles that were known at a moment, and were withdrawn since and not restored; and what was taken down since, whose
-- articles are gone.
SELECT article_id, canonical_url, withdrawals.withdrawn_at, reason
FROM withdrawals
JOIN articles USING (article_id)
WHERE first_seen_at <= %(as_of)s AND withdrawals.withdrawn_at > %(as_of)s AND restored_at IS NULL
  AND (%(outlet)s::text[] IS NULL OR outlet = ANY (%(outlet)s))
UNION ALL
SELECT NULL, url, taken_down_at, 'taken_down'
FROM takedowns
WHERE taken_down_at > %(as_of)s AND (%(outlet)s::text[] IS NULL OR outlet = ANY (%(outlet)s))
ORDER BY 3, 2;
