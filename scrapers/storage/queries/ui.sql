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

-- name: today_hours
-- Articles of each outlet that were stored in the last 24 hours, by hour.
WITH RECURSIVE known AS (  -- a loose index scan, as in today_outlets
    SELECT min(outlet) AS outlet FROM runs
    UNION ALL
    SELECT (SELECT min(outlet) FROM runs WHERE runs.outlet > known.outlet) FROM known WHERE known.outlet IS NOT NULL
)
SELECT outlet, hour, articles
FROM known
CROSS JOIN LATERAL (
    SELECT date_trunc('hour', first_seen_at) AS hour, count(*) AS articles
    FROM articles
    WHERE articles.outlet = known.outlet AND first_seen_at > date_trunc('hour', now()) - interval '23 hours'
    GROUP BY 1
) AS arrived
ORDER BY outlet, hour;

-- name: last_crawls
-- The newest crawls, of one outlet or of all.
SELECT run_id, outlet, started_at, finished_at, outcome, reason, discovered
FROM runs
WHERE kind = 'crawl' AND (%(outlet)s::text IS NULL OR outlet = %(outlet)s)
ORDER BY started_at DESC
LIMIT 20;

-- name: crawls_of_dag_run
-- The crawls that a Dag run started, one for each try, the newest first.
SELECT run_id, outlet, started_at, finished_at, outcome, reason, discovered
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
LIMIT 50;

-- name: run_articles
-- The articles of which a run stored a revision.
SELECT article_id, headline, revisions.revision
FROM revisions
JOIN articles USING (article_id)
WHERE run_id = %(run_id)s
ORDER BY stored_at DESC, article_id
LIMIT 100;

-- name: ledger_states
-- Pages by outlet, state and reason, the most frequent first; of one outlet or of all.
SELECT outlet, state, reason, pages, last_discovered_at
FROM ledger
WHERE %(outlet)s::text IS NULL OR outlet = %(outlet)s
ORDER BY pages DESC, outlet, state, reason
LIMIT 200;

-- name: newest_quarantined
-- The pages that came into the ledger last of those in quarantine; of one outlet or of all.
SELECT outlet, url, reason, last_fetched_at
FROM pages
WHERE state = 'quarantined' AND (%(outlet)s::text IS NULL OR outlet = %(outlet)s)
ORDER BY page_id DESC
LIMIT 100;

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

-- name: outlet_volume
-- Articles of an outlet that were first stored on each day of its own time zone that brought any, of the last `days`. Each
-- day is counted in the index by its bounds, which costs less than to find the day of each article.
SELECT day::date, articles
FROM generate_series((now() AT TIME ZONE %(time_zone)s)::date - %(days)s::integer, now() AT TIME ZONE %(time_zone)s,
                     interval '1 day') AS day
CROSS JOIN LATERAL (
    SELECT count(*) AS articles
    FROM articles
    WHERE outlet = %(outlet)s AND first_seen_at >= day AT TIME ZONE %(time_zone)s
      AND first_seen_at < (day + interval '1 day') AT TIME ZONE %(time_zone)s
) AS counted
WHERE articles > 0
ORDER BY day;

-- name: outlet_fields
-- By day, how many of an outlet's newest articles have each field, and how long after publication half of them and nine in
-- ten were stored: of those whose page gives the time, and that were not found weeks later.
SELECT (first_seen_at AT TIME ZONE %(time_zone)s)::date AS day, count(*) AS articles,
       count(*) FILTER (WHERE date_published IS NOT NULL) AS date_published,
       count(*) FILTER (WHERE author <> '{}') AS author,
       count(*) FILTER (WHERE article_section <> '{}') AS article_section,
       count(*) FILTER (WHERE keywords <> '{}') AS keywords,
       count(*) FILTER (WHERE description <> '') AS description,
       count(*) FILTER (WHERE image_url <> '') AS image_url,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY late) FILTER (WHERE is_dated) AS half_within,
       percentile_cont(0.9) WITHIN GROUP (ORDER BY late) FILTER (WHERE is_dated) AS nine_in_ten_within
FROM (SELECT first_seen_at, date_published, author, article_section, keywords, description, image_url,
             first_seen_at - date_published AS late,
             date_published_precision <> 'day' AND first_seen_at - date_published < interval '7 days' AS is_dated
      FROM articles
      WHERE outlet = %(outlet)s AND first_seen_at > now() - make_interval(days => %(days)s)
      ORDER BY first_seen_at DESC
      LIMIT %(most)s) AS newest
GROUP BY day
ORDER BY day;

-- name: outlet_fetches
-- An outlet's requests by day (of its own time zone) and what came of them: the class of the answer, failed or not_sent.
SELECT (requested_at AT TIME ZONE %(time_zone)s)::date AS day,
       CASE WHEN fetches.outcome = 'answered' THEN status / 100 || 'xx' ELSE fetches.outcome END AS result, count(*) AS requests
FROM runs
JOIN fetches USING (run_id)
WHERE outlet = %(outlet)s AND started_at > now() - make_interval(days => %(days)s)
GROUP BY day, result
ORDER BY day, result;

-- name: outlet_hosts
-- The hosts of an outlet's feeds and newest articles: until when each is closed, and what its robots.txt was last.
WITH named AS (
    SELECT url FROM feeds WHERE outlet = %(outlet)s AND retired_at IS NULL
    UNION ALL
    (SELECT url FROM articles WHERE outlet = %(outlet)s ORDER BY first_seen_at DESC LIMIT 200)
), origins AS (
    SELECT DISTINCT lower(substring(url FROM '^https?://[^/?#]+')) AS origin FROM named
)
SELECT host, closed_until, closed_because, failures, robots.status AS robots_status, robots.fetched_at AS robots_fetched_at,
       robots.error AS robots_error
FROM origins
JOIN hosts ON host = substring(origin FROM '//(.*)')
LEFT JOIN robots USING (origin)
ORDER BY host;

-- name: outlet_failures
-- Why pages of an outlet's last crawls were not stored, the newest reason first, each with how many and an example.
SELECT run_pages.state, run_pages.reason, count(DISTINCT page_id) AS pages, max(at) AS last_at,
       (array_agg(pages.url ORDER BY at DESC))[1] AS example
FROM (SELECT run_id FROM runs WHERE outlet = %(outlet)s AND kind = 'crawl' ORDER BY started_at DESC LIMIT 50) AS newest
JOIN run_pages USING (run_id)
JOIN pages USING (page_id)
WHERE run_pages.state IN ('deferred', 'quarantined', 'gave_up')
GROUP BY run_pages.state, run_pages.reason
ORDER BY last_at DESC
LIMIT 20;

-- name: untaken_by_outlet
-- What feeds announced last and the crawl did not take: by outlet and reason, with how many and an example.
SELECT outlet, reason, count(*) AS addresses, max(last_seen_at) AS last_seen_at, min(untaken_announcements.url) AS example
FROM feeds
JOIN untaken_announcements USING (feed_id)
WHERE retired_at IS NULL AND (%(outlet)s::text IS NULL OR outlet = %(outlet)s)
GROUP BY outlet, reason
ORDER BY addresses DESC, outlet, reason
LIMIT 50;
