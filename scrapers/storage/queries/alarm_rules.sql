-- What the rules of alarms look at. Each takes the clock as `now`, and one outlet or, where that is null, all.

-- name: article_hours
-- By outlet, in which hours back from now articles came (0 is the last) and how many in each, old ones of a backfill left
-- out; and when the last one came.
WITH RECURSIVE known AS (
    (SELECT outlet FROM runs ORDER BY outlet LIMIT 1)
    UNION ALL
    SELECT (SELECT outlet FROM runs WHERE runs.outlet > known.outlet ORDER BY outlet LIMIT 1)
    FROM known
    WHERE known.outlet IS NOT NULL
)
SELECT known.outlet, array_agg(greatest(extract(epoch FROM %(now)s - began)::integer / 3600 - 1, 0)) AS hours,
       array_agg(articles) AS articles, max(last_at) AS last_at
FROM known
CROSS JOIN LATERAL (
    SELECT date_bin('1 hour', first_seen_at, %(now)s) AS began, count(*)::integer AS articles, max(first_seen_at) AS last_at
    FROM articles
    WHERE articles.outlet = known.outlet
      AND first_seen_at < %(now)s AND first_seen_at >= %(now)s::timestamptz - make_interval(hours => %(hours)s)
      AND (date_published IS NULL OR date_published > first_seen_at - interval '3 days')
    GROUP BY began
) AS arrived
GROUP BY known.outlet
ORDER BY known.outlet;

-- name: outlets_heard
-- Outlets of which a crawl succeeded twice since their last article: a silence is theirs, and not ours.
SELECT outlet
FROM unnest(%(outlets)s::text[], %(last_at)s::timestamptz[]) AS heard (outlet, last_at)
WHERE (SELECT count(*)
       FROM (SELECT FROM runs
             WHERE runs.outlet = heard.outlet AND kind = 'crawl' AND outcome = 'succeeded'
               AND started_at > heard.last_at AND started_at <= %(now)s
             LIMIT 2) AS crawls) = 2;

-- name: still_silent
-- Silences that go on: what is usual is forgotten after some weeks of them, and they are not over.
SELECT outlet, began_at, summary
FROM alarms
WHERE rule = 'silence' AND ended_at IS NULL AND began_at <= %(now)s
  AND NOT EXISTS (SELECT FROM articles WHERE articles.outlet = alarms.outlet AND first_seen_at > began_at
                                         AND first_seen_at <= %(now)s);

-- name: newest_article
-- The newest article of an outlet at a moment.
SELECT canonical_url FROM articles
WHERE outlet = %(outlet)s AND first_seen_at <= %(now)s
ORDER BY first_seen_at DESC
LIMIT 1;

-- name: scheduled_crawls
-- By outlet, when a crawl last succeeded or began and still runs, why the last one failed, and since when that is so;
-- outlets that Airflow's schedule has crawled in the last 30 days.
SELECT outlet, max(coalesce(finished_at, started_at)) FILTER (WHERE outcome = 'succeeded' OR is_young) AS last_at,
       min(started_at) AS first_at,
       (array_agg(reason ORDER BY started_at DESC) FILTER (WHERE outcome IN ('failed', 'interrupted', 'stopped')))[1] AS reason,
       max(started_at) AS started_at
FROM (SELECT *, outcome = 'running' AND started_at > %(now)s - interval '3 hours' AS is_young FROM runs) AS runs
WHERE kind = 'crawl' AND requested_by LIKE 'airflow:%%/scheduled\_\_%%'
  AND started_at > %(now)s - interval '30 days' AND started_at <= %(now)s
GROUP BY outlet;

-- name: field_readings
-- By outlet, field and rule: on how many of the newest pages that were read the rule found it, and on how many of up to
-- 200 before. The newest are those of the last runs that read ten pages together.
WITH looked AS (
    SELECT runs.outlet, run_id, started_at, sum(readings) AS pages
    FROM runs JOIN run_fields USING (run_id)
    WHERE kind = 'crawl' AND field = 'headline' AND started_at > %(now)s - interval '30 days' AND started_at <= %(now)s
      AND (%(outlet)s::text IS NULL OR runs.outlet = %(outlet)s)
    GROUP BY run_id
), placed AS (
    SELECT *, coalesce(sum(pages) OVER later, 0) AS newer
    FROM looked
    WINDOW later AS (PARTITION BY outlet ORDER BY started_at DESC, run_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), chosen AS (
    SELECT *, newer < 10 AS is_late FROM placed WHERE newer < 220
)
SELECT chosen.outlet, field, rule, coalesce(sum(readings) FILTER (WHERE is_late), 0)::integer AS late,
       coalesce(sum(readings) FILTER (WHERE NOT is_late), 0)::integer AS early,
       (SELECT min(started_at) FROM chosen AS of_outlet WHERE of_outlet.outlet = chosen.outlet AND is_late) AS since,
       (array_agg(url ORDER BY started_at DESC) FILTER (WHERE is_late))[1] AS sample_url
FROM chosen
JOIN run_fields USING (run_id)
JOIN pages ON page_id = sample_page_id
GROUP BY chosen.outlet, field, rule;

-- name: page_outcomes
-- By outlet: how many of the newest pages that were fetched gave an article, how many went to quarantine and how many
-- robots.txt forbade, and how many of up to 500 before. The newest are those of the last runs that had ten together.
WITH looked AS (
    SELECT runs.outlet, run_id, started_at, run_pages.page_id,
           run_pages.state IN ('stored', 'unchanged') AS is_read, run_pages.state = 'quarantined' AS is_quarantined,
           coalesce(run_pages.reason = 'robots', false) AS is_forbidden
    FROM runs JOIN run_pages USING (run_id)
    WHERE kind = 'crawl' AND started_at > %(now)s - interval '7 days' AND started_at <= %(now)s
      AND (%(outlet)s::text IS NULL OR runs.outlet = %(outlet)s)
      AND (run_pages.state IN ('stored', 'unchanged', 'quarantined')
           OR run_pages.state = 'rejected' AND run_pages.reason IN ('not_an_article', 'empty_page', 'too_deep', 'robots')
           OR run_pages.state IN ('deferred', 'gave_up') AND run_pages.reason LIKE 'blocked: %%')
), by_run AS (
    SELECT outlet, run_id, started_at, count(*) AS pages, count(*) FILTER (WHERE is_read) AS read,
           count(*) FILTER (WHERE is_quarantined) AS quarantined, count(*) FILTER (WHERE is_forbidden) AS forbidden,
           max(page_id) FILTER (WHERE NOT is_read AND NOT is_quarantined AND NOT is_forbidden) AS unread_page,
           max(page_id) FILTER (WHERE is_quarantined) AS quarantined_page,
           max(page_id) FILTER (WHERE is_forbidden) AS forbidden_page
    FROM looked
    GROUP BY outlet, run_id, started_at
), placed AS (
    SELECT *, coalesce(sum(pages) OVER (PARTITION BY outlet ORDER BY started_at DESC, run_id
                                        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS newer
    FROM by_run
), chosen AS (
    SELECT *, newer < 10 AS is_late FROM placed WHERE newer < 510
)
SELECT outlet, min(started_at) FILTER (WHERE is_late) AS since,
       sum(pages) FILTER (WHERE is_late)::integer AS late, coalesce(sum(pages) FILTER (WHERE NOT is_late), 0)::integer AS early,
       sum(read) FILTER (WHERE is_late)::integer AS late_read,
       coalesce(sum(read) FILTER (WHERE NOT is_late), 0)::integer AS early_read,
       sum(quarantined) FILTER (WHERE is_late)::integer AS late_quarantined,
       coalesce(sum(quarantined) FILTER (WHERE NOT is_late), 0)::integer AS early_quarantined,
       sum(forbidden) FILTER (WHERE is_late)::integer AS late_forbidden,
       coalesce(sum(forbidden) FILTER (WHERE NOT is_late), 0)::integer AS early_forbidden,
       (SELECT url FROM pages WHERE page_id = max(unread_page) FILTER (WHERE is_late)) AS unread_url,
       (SELECT url FROM pages WHERE page_id = max(quarantined_page) FILTER (WHERE is_late)) AS quarantined_url,
       (SELECT url FROM pages WHERE page_id = max(forbidden_page) FILTER (WHERE is_late)) AS forbidden_url
FROM chosen
GROUP BY outlet;

-- name: failing_feeds
-- Feeds that failed three times in a row, or once with an answer that is something else than it was.
SELECT outlet, url AS subject, coalesce(last_read_at, last_polled_at, %(now)s) AS began_at,
       format('%%s failed polls in a row: %%s', failures, error) AS summary
FROM feeds
WHERE retired_at IS NULL AND (failures >= 3 OR failures >= 1 AND last_status BETWEEN 200 AND 299)
  AND (%(outlet)s::text IS NULL OR outlet = %(outlet)s);

-- name: silent_feeds
-- Feeds that answer and announce nothing new, by how much they announced in the four weeks before, where the outlet goes
-- on: two days at least, in which 30 announcements were due.
SELECT outlet, url AS subject, last_at AS began_at,
       format('nothing new since %%s, where %%s announcements were due',
              to_char(last_at, 'YYYY-MM-DD HH24:MI TZ'), round(due)) AS summary
FROM (
    SELECT feeds.outlet, feeds.url, last_at,
           before.articles / 28.0 * extract(epoch FROM %(now)s - last_at) / 86400 AS due
    FROM feeds
    CROSS JOIN LATERAL (
        SELECT first_seen_at AS last_at FROM announcements
        WHERE announcements.feed_id = feeds.feed_id AND first_seen_at <= %(now)s
        ORDER BY first_seen_at DESC LIMIT 1
    ) AS newest
    CROSS JOIN LATERAL (
        SELECT count(*) AS articles FROM announcements
        WHERE announcements.feed_id = feeds.feed_id AND first_seen_at > last_at - interval '28 days' AND first_seen_at <= last_at
    ) AS before
    WHERE retired_at IS NULL AND failures = 0 AND last_at < %(now)s - interval '2 days' AND last_polled_at > last_at
      AND kind IN ('rss', 'sitemap') AND (%(outlet)s::text IS NULL OR feeds.outlet = %(outlet)s)
      AND (SELECT count(DISTINCT date_trunc('day', first_seen_at)) FROM announcements
           WHERE announcements.feed_id = feeds.feed_id AND first_seen_at > last_at - interval '28 days') >= 14
) AS feeds
WHERE due >= 30
  AND EXISTS (SELECT FROM articles WHERE articles.outlet = feeds.outlet AND first_seen_at > %(now)s - interval '1 day');

-- name: article_shapes
-- By outlet: length and lag of the newest 20 articles beside those of up to 200 before, and how many are dated oddly:
-- in the future, or more than three days before they were found. Articles of a backfill are left out.
WITH looks AS (
    SELECT known.outlet, newest.*, place <= 20 AS is_late,
           extract(epoch FROM first_seen_at - date_published) / 3600 AS lag_h,
           date_published > first_seen_at + interval '1 hour'
           OR date_published < first_seen_at - interval '3 days' AS is_odd
    FROM (SELECT DISTINCT outlet FROM runs
          WHERE kind = 'crawl' AND started_at > %(now)s - interval '7 days' AND started_at <= %(now)s
            AND (%(outlet)s::text IS NULL OR outlet = %(outlet)s)) AS known
    CROSS JOIN LATERAL (
        SELECT article_id, first_seen_at, date_published, body_words, canonical_url,
               row_number() OVER (ORDER BY first_seen_at DESC, article_id DESC) AS place
        FROM articles
        WHERE articles.outlet = known.outlet AND first_seen_at <= %(now)s
          AND NOT EXISTS (SELECT FROM revisions JOIN runs USING (run_id)
                          WHERE revisions.article_id = articles.article_id AND revision = 1 AND arguments ?| '{since,until,urls}')
        ORDER BY first_seen_at DESC, article_id DESC
        LIMIT 220
    ) AS newest
)
SELECT outlet, min(first_seen_at) FILTER (WHERE is_late) AS since,
       count(*) FILTER (WHERE is_late)::integer AS late, count(*) FILTER (WHERE NOT is_late)::integer AS early,
       percentile_cont('{0.25,0.5,0.75}'::float[]) WITHIN GROUP (ORDER BY body_words) FILTER (WHERE is_late) AS late_words,
       percentile_cont('{0.25,0.5,0.75}'::float[]) WITHIN GROUP (ORDER BY body_words) FILTER (WHERE NOT is_late) AS early_words,
       count(*) FILTER (WHERE is_late AND is_odd)::integer AS late_odd,
       count(*) FILTER (WHERE NOT is_late AND is_odd)::integer AS early_odd,
       (array_agg(canonical_url ORDER BY first_seen_at DESC) FILTER (WHERE is_late AND is_odd))[1] AS odd_url,
       (array_agg(canonical_url ORDER BY first_seen_at DESC) FILTER (WHERE is_late))[1] AS sample_url,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY lag_h) FILTER (WHERE is_late AND lag_h BETWEEN -24 AND 72) AS late_lag_h,
       percentile_cont('{0.25,0.5,0.75}'::float[]) WITHIN GROUP (ORDER BY lag_h)
           FILTER (WHERE NOT is_late AND lag_h BETWEEN -24 AND 72) AS early_lag_h
FROM looks
GROUP BY outlet;

-- name: copies_and_edits
-- By outlet: how many articles came in the last day and in the 14 days before, how many of them are copies of an older
-- one, and how many articles were edited.
WITH RECURSIVE known AS (
    (SELECT outlet FROM runs ORDER BY outlet LIMIT 1)
    UNION ALL
    SELECT (SELECT outlet FROM runs WHERE runs.outlet > known.outlet ORDER BY outlet LIMIT 1)
    FROM known
    WHERE known.outlet IS NOT NULL
), edited AS (
    SELECT outlet, count(DISTINCT article_id) FILTER (WHERE at > %(now)s - interval '1 day') AS late_edits,
           count(DISTINCT (article_id, date_trunc('day', at))) FILTER (WHERE at <= %(now)s - interval '1 day') AS early_edits,
           max(canonical_url) FILTER (WHERE at > %(now)s - interval '1 day') AS edited_url
    FROM revision_edits JOIN articles USING (article_id)
    WHERE at > %(now)s - interval '15 days' AND at <= %(now)s
    GROUP BY outlet
)
SELECT known.outlet, arrived.*, coalesce(late_edits, 0)::integer AS late_edits,
       coalesce(early_edits, 0)::integer AS early_edits, edited_url
FROM known
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE is_late)::integer AS late, count(*) FILTER (WHERE NOT is_late)::integer AS early,
           count(*) FILTER (WHERE is_late AND is_copy)::integer AS late_copies,
           count(*) FILTER (WHERE NOT is_late AND is_copy)::integer AS early_copies,
           max(canonical_url) FILTER (WHERE is_late AND is_copy) AS copy_url
    FROM (SELECT canonical_url, first_seen_at > %(now)s - interval '1 day' AS is_late,
                 EXISTS (SELECT FROM clusters WHERE clusters.article_id = articles.article_id
                                                AND representative_id < clusters.article_id) AS is_copy
          FROM articles
          WHERE articles.outlet = known.outlet
            AND first_seen_at > %(now)s - interval '15 days' AND first_seen_at <= %(now)s) AS looks
) AS arrived
LEFT JOIN edited USING (outlet)
WHERE known.outlet IS NOT NULL AND (%(outlet)s::text IS NULL OR known.outlet = %(outlet)s);

-- name: hosts_closed_for_long
-- Hosts that have been closed again and again, or for hours: the breaker has opened five times in a row, or Retry-After
-- asks for more than three hours.
SELECT host, closed_until, closed_because
FROM hosts
WHERE closed_until > %(now)s AND (openings >= 5 OR closed_until > %(now)s + interval '3 hours');
