-- What needs somebody.
CREATE VIEW discovery_alerts AS
WITH found AS (
    SELECT outlet, discovered_at, discovered_at - lag(discovered_at) OVER (PARTITION BY outlet ORDER BY discovered_at) AS gap
    FROM pages
    WHERE state <> 'duplicate' AND discovered_at > now() - interval '30 days'
), usual AS (
    SELECT outlet, max(discovered_at) AS last_at, max(gap) AS longest_gap, count(*) AS pages FROM found GROUP BY outlet
)
SELECT outlet, 'feed_failing' AS alert, last_read_at AS since, url AS subject,
       format('%s failed polls in a row: %s', failures, error) AS message
FROM feeds
WHERE retired_at IS NULL AND (failures >= 3 OR failures >= 1 AND last_status BETWEEN 200 AND 299)
UNION ALL
SELECT outlet, 'discovery_stopped', last_at, NULL,
       format('no new page since %s, though crawls run; the longest gap before was %s',
              to_char(last_at, 'YYYY-MM-DD HH24:MI TZ'), date_trunc('minute', longest_gap))
FROM usual
WHERE pages >= 10
  AND now() - last_at > greatest(interval '12 hours', 2 * longest_gap)
  AND EXISTS (SELECT FROM runs WHERE runs.outlet = usual.outlet AND kind = 'crawl' AND started_at > usual.last_at
                                 AND started_at > now() - interval '2 days')
ORDER BY outlet, alert, subject;
COMMENT ON VIEW discovery_alerts IS 'Where discovery needs somebody: a feed that answers something else than it did or fails again and again, and an outlet whose crawls find nothing new for twice as long as ever in the last 30 days.';

CREATE VIEW template_alerts AS
WITH crawled AS (
    SELECT DISTINCT outlet FROM runs WHERE kind = 'crawl' AND started_at > now() - interval '30 days'
), looks AS (
    SELECT crawled.outlet, first_seen_at, provenance,
           row_number() OVER (PARTITION BY crawled.outlet ORDER BY first_seen_at DESC, article_id DESC) <= 20 AS is_late
    FROM crawled
    CROSS JOIN LATERAL (
        SELECT article_id, first_seen_at, provenance FROM articles
        WHERE articles.outlet = crawled.outlet ORDER BY first_seen_at DESC, article_id DESC LIMIT 220
    ) AS newest
), counted AS (
    SELECT outlet, field, provenance ->> field AS rule,
           count(*) FILTER (WHERE is_late) AS late, count(*) FILTER (WHERE NOT is_late) AS early
    FROM looks CROSS JOIN unnest('{headline, article_body, author, date_published}'::text[]) AS field
    GROUP BY outlet, field, rule
), shares AS (
    SELECT outlet, field, rule, sum(early) OVER every AS earlier,
           late / nullif(sum(late) OVER every, 0) AS late_share, early / nullif(sum(early) OVER every, 0) AS early_share
    FROM counted
    WINDOW every AS (PARTITION BY outlet, field)
)
SELECT outlet, 'template_changed' AS alert,
       (SELECT min(first_seen_at) FROM looks WHERE looks.outlet = shares.outlet AND is_late) AS since, field AS subject,
       format('%s found it on %s%% of the pages before, and on %s%% of the newest 20', rule,
              round(100 * early_share), round(100 * late_share)) AS message
FROM shares
WHERE rule IS NOT NULL AND earlier >= 30 AND early_share >= 0.9 AND late_share < 0.5;
COMMENT ON VIEW template_alerts IS 'Outlets whose template has changed, as far as their pages tell: a field that one rule found on nine of ten of up to 200 articles, and on less than half of the newest 20.';

CREATE VIEW unread_alerts AS
SELECT outlet, 'pages_unread' AS alert, since, NULL AS subject,
       format('%s%% of the newest 20 pages gave an article, and %s%% of those before; `warta why` tells of each page',
              round(100 * late_share), round(100 * early_share)) AS message
FROM (
    SELECT outlet, min(discovered_at) FILTER (WHERE is_late) AS since, count(*) FILTER (WHERE NOT is_late) AS earlier,
           avg(is_read::integer) FILTER (WHERE is_late) AS late_share,
           avg(is_read::integer) FILTER (WHERE NOT is_late) AS early_share
    FROM (SELECT outlet, discovered_at, state IN ('stored', 'unchanged') AS is_read,
                 row_number() OVER (PARTITION BY outlet ORDER BY page_id DESC) <= 20 AS is_late
          FROM pages
          WHERE discovered_at > now() - interval '30 days'
            AND (state IN ('stored', 'unchanged', 'quarantined')
                 OR state = 'rejected' AND reason IN ('not_an_article', 'empty_page', 'too_deep'))) AS looks
    GROUP BY outlet
) AS shares
WHERE earlier >= 30 AND early_share >= 0.5 AND late_share < early_share / 2;
COMMENT ON VIEW unread_alerts IS 'Outlets whose template has changed so that their pages are not read: of the newest 20 pages less than half as many gave an article as of those before.';

CREATE VIEW volume_alerts AS
WITH found AS (
    SELECT outlet, floor(extract(epoch FROM now() - discovered_at) / 86400)::integer AS days_ago, count(*) AS pages
    FROM pages
    WHERE state <> 'duplicate' AND discovered_at > now() - interval '15 days'
      AND coalesce(announced_published, discovered_at) > discovered_at - interval '3 days'
    GROUP BY outlet, days_ago
), usual AS (
    SELECT known.outlet, count(*) AS days, percentile_cont(0.5) WITHIN GROUP (ORDER BY coalesce(pages, 0)) AS median
    FROM (SELECT outlet, max(days_ago) AS first_day FROM found GROUP BY outlet) AS known
    CROSS JOIN LATERAL generate_series(1, first_day - 1) AS day
    LEFT JOIN found ON found.outlet = known.outlet AND found.days_ago = day
    GROUP BY known.outlet
)
SELECT outlet, 'volume_changed' AS alert, now() - interval '1 day' AS since, NULL AS subject,
       format('%s new pages in a day, where %s are usual', pages, round(median)) AS message
FROM usual
JOIN found USING (outlet)
WHERE days_ago = 0 AND days >= 7 AND median >= 20 AND (pages < median / 4 OR pages > median * 4)
  AND EXISTS (SELECT FROM runs WHERE runs.outlet = usual.outlet AND kind = 'crawl' AND started_at > now() - interval '1 day');
COMMENT ON VIEW volume_alerts IS 'Outlets that announced less than a quarter, or more than four times as many new pages in the last 24 hours as the median of up to 13 days before; pages that are announced as older than three days, such as those of a backfill, do not count.';

CREATE VIEW alerts AS
SELECT outlet, alert, since, subject, message FROM discovery_alerts
UNION ALL
SELECT outlet, alert, since, subject, message FROM template_alerts
UNION ALL
SELECT outlet, alert, since, subject, message FROM unread_alerts
UNION ALL
SELECT outlet, alert, since, subject, message FROM volume_alerts;
COMMENT ON VIEW alerts IS 'What needs somebody, of all outlets: discovery_alerts, template_alerts, unread_alerts and volume_alerts.';
