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
    SELECT article_id, revision, outlet, first_seen_at, date_published, article_section, in_language, kind
    FROM articles
    WHERE revised_at <= %(as_of)s
    UNION ALL
    SELECT article_id, newest.revision, outlet, first_seen_at, (content ->> 'date_published')::timestamptz,
           ARRAY(SELECT jsonb_array_elements_text(content -> 'article_section')), content ->> 'in_language', content ->> 'kind'
    FROM articles
    CROSS JOIN LATERAL (
        SELECT revision, content FROM revisions
        WHERE revisions.article_id = articles.article_id AND stored_at <= %(as_of)s
        ORDER BY revision DESC LIMIT 1
    ) AS newest
    WHERE first_seen_at <= %(as_of)s AND revised_at > %(as_of)s
), dated AS (
    SELECT *, coalesce(date_published, first_seen_at) AT TIME ZONE 'UTC' AS published FROM known
)
SELECT outlet, to_char(published, 'YYYY-MM') AS month, article_id, revision, representative_id, cluster.kind
FROM dated
LEFT JOIN clusters_as_of(%(as_of)s) AS cluster USING (article_id)
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

-- name: export_articles
-- Articles at a revision, as JSON in UTF-8, by id; what is no part of the revision is as it was at the moment of the export.
SELECT convert_to(json_build_object(
    'article_id', given.article_id,
    'outlet', outlet,
    'canonical_url', coalesce(former.canonical_url, articles.canonical_url),
    'url', revisions.url,
    'revision', given.revision,
    'first_seen_at', first_seen_at,
    'stored_at', stored_at,
    'cluster_id', cluster_id,
    'copy_kind', copy_kind,
    'withdrawn_at', withdrawal.withdrawn_at,
    'withdrawn_reason', withdrawal.reason,
    'robots', answer.robots,
    'opt_outs', coalesce(answer.opt_outs, '{}'),
    'content', content)::text, 'UTF8')
FROM unnest(%(article_ids)s::bigint[], %(revisions)s::integer[], %(cluster_ids)s::bigint[], %(copy_kinds)s::text[])
     AS given (article_id, revision, cluster_id, copy_kind)
JOIN articles USING (article_id)
JOIN revisions ON (revisions.article_id, revisions.revision) = (given.article_id, given.revision)
LEFT JOIN LATERAL (
    SELECT canonical_url FROM former_addresses
    WHERE former_addresses.article_id = given.article_id AND until > %(as_of)s
    ORDER BY former_address_id LIMIT 1
) AS former ON true
LEFT JOIN LATERAL (
    SELECT withdrawn_at, reason FROM withdrawals
    WHERE withdrawals.article_id = given.article_id AND withdrawals.withdrawn_at <= %(as_of)s
      AND (restored_at IS NULL OR restored_at > %(as_of)s)
    ORDER BY withdrawals.withdrawn_at DESC LIMIT 1
) AS withdrawal ON true
LEFT JOIN LATERAL (
    SELECT robots, opt_outs FROM fetches
    WHERE fetches.snapshot_sha256 = revisions.snapshot_sha256 AND fetches.run_id = revisions.run_id
    ORDER BY fetch_id LIMIT 1
) AS answer ON true
ORDER BY given.article_id;

-- name: withdrawn_since
-- Articles that were known at a moment, and were withdrawn since and not restored.
SELECT article_id, canonical_url, withdrawals.withdrawn_at, reason
FROM withdrawals
JOIN articles USING (article_id)
WHERE first_seen_at <= %(as_of)s AND withdrawals.withdrawn_at > %(as_of)s AND restored_at IS NULL
  AND (%(outlet)s::text[] IS NULL OR outlet = ANY (%(outlet)s))
ORDER BY withdrawals.withdrawn_at, article_id;
