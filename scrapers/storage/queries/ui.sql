-- What the pages inside Airflow's UI show.

-- name: become_reader
-- Take the rights of the role warta_reader, where it is there and the session may.
SELECT set_config('role', rolname, false) FROM pg_roles WHERE rolname = 'warta_reader' AND pg_has_role(rolname, 'MEMBER');

-- name: today_outlets
-- A row an outlet that was ever crawled: what the last 24 hours brought, and when its newest article came.
WITH RECURSIVE known AS (  -- a loose index scan, https://wiki.postgresql.org/wiki/Loose_indexscan
    SELECT min(outlet) AS outlet FROM runs
    UNION ALL
    SELECT (SELECT min(outlet) FROM runs WHERE runs.outlet > known.outlet) FROM known WHERE known.outlet IS NOT NULL
), edited AS (
    SELECT outlet, count(*) FILTER (WHERE kind NOT IN ('details', 'withdrawn', 'restored')) AS edited,
           count(*) FILTER (WHERE kind = 'withdrawn') AS withdrawn
    FROM edits
    WHERE at > now() - interval '1 day'
    GROUP BY outlet
)
SELECT outlet, new, copies, coalesce(edited, 0) AS edited, coalesce(withdrawn, 0) AS withdrawn, failed, newest_at
FROM known
LEFT JOIN edited USING (outlet)
CROSS JOIN LATERAL (
    SELECT count(*) AS new, count(*) FILTER (WHERE representative_id <> article_id) AS copies
    FROM articles LEFT JOIN clusters USING (article_id)
    WHERE articles.outlet = known.outlet AND first_seen_at > now() - interval '1 day'
) AS arrived
CROSS JOIN LATERAL (
    SELECT count(DISTINCT page_id) AS failed
    FROM runs JOIN run_pages USING (run_id)
    WHERE runs.outlet = known.outlet AND started_at > now() - interval '1 day'
      AND state IN ('deferred', 'quarantined', 'gave_up')
) AS failures
CROSS JOIN LATERAL (SELECT max(first_seen_at) AS newest_at FROM articles WHERE articles.outlet = known.outlet) AS newest
WHERE outlet IS NOT NULL
ORDER BY newest_at DESC NULLS LAST, outlet;

-- name: last_crawls
-- The newest crawls, of one outlet or of all.
SELECT run_id, outlet, requested_by, started_at, finished_at, outcome, reason, discovered
FROM runs
WHERE kind = 'crawl' AND (%(outlet)s::text IS NULL OR outlet = %(outlet)s)
ORDER BY started_at DESC
LIMIT %(limit)s;

-- name: crawls_of_dag_run
-- The crawls that a Dag run started, one for each try, the newest first.
SELECT run_id, outlet, requested_by, started_at, finished_at, outcome, reason, discovered
FROM runs
WHERE outlet = %(outlet)s AND requested_by = %(requested_by)s
ORDER BY started_at DESC;

-- name: run_states
-- The pages of a run by state and reason.
SELECT state, reason, count(*) AS pages
FROM run_pages
WHERE run_id = %(run_id)s
GROUP BY state, reason
ORDER BY pages DESC, state, reason
LIMIT %(limit)s;

-- name: run_articles
-- The articles of which a run stored a revision.
SELECT article_id, outlet, headline, revisions.revision, stored_at
FROM revisions
JOIN articles USING (article_id)
WHERE run_id = %(run_id)s
ORDER BY stored_at DESC, article_id
LIMIT %(limit)s;

-- name: ledger_states
-- Pages by outlet, state and reason, the most frequent first; of one outlet or of all.
SELECT outlet, state, reason, pages, last_discovered_at
FROM ledger
WHERE %(outlet)s::text IS NULL OR outlet = %(outlet)s
ORDER BY pages DESC, outlet, state, reason
LIMIT %(limit)s;

-- name: newest_quarantined
-- The pages that came into the ledger last of those in quarantine; of one outlet or of all.
SELECT outlet, url, reason, last_fetched_at
FROM pages
WHERE state = 'quarantined' AND (%(outlet)s::text IS NULL OR outlet = %(outlet)s)
ORDER BY page_id DESC
LIMIT %(limit)s;

-- name: whole_article
-- All that is known of an article, as its newest revision has it, and the cluster that it is in.
SELECT article_id, outlet, url, canonical_url, headline, alternative_headline, description, author, editor, contributor,
       publisher, date_line, date_published, date_published_raw, date_published_precision, date_modified, date_modified_raw,
       date_modified_precision, article_section, keywords, articles.kind, in_language, image_url, image_caption,
       image_credit_text, word_count, is_paywalled, is_truncated, identifier, amp_url, article_body, body_kinds, provenance,
       revision, first_seen_at, revised_at, withdrawn_at, withdrawn_reason, representative_id
FROM articles
LEFT JOIN clusters USING (article_id)
WHERE article_id = %(article_id)s;

-- name: cluster_members
-- Who had a text first, who followed, and what each changed.
SELECT position, article_id, outlet, date_published, behind_first, kind, added, cut, headline_rewritten, headline
FROM syndication
WHERE representative_id = %(representative_id)s
ORDER BY position, article_id;
