-- Where the pages of an outlet are not read any more as they were: each article keeps the rule that found each field.
CREATE INDEX ON articles (outlet, first_seen_at DESC);
DROP INDEX articles_outlet_idx;

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
