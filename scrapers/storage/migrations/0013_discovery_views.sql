-- What discovery saved, what it is silent about, and where pages contradict their announcements.
CREATE VIEW run_transfer AS
SELECT run_id, runs.outlet, runs.started_at,
       count(fetch_id) AS requests,
       count(fetch_id) FILTER (WHERE status = 304) AS not_modified,
       coalesce(sum(bytes), 0) AS bytes,
       coalesce(sum(saved.bytes_saved) FILTER (WHERE status = 304), 0) AS bytes_saved
FROM runs
LEFT JOIN fetches USING (run_id)
LEFT JOIN LATERAL (
    SELECT earlier.bytes AS bytes_saved
    FROM fetches AS earlier
    WHERE fetches.status = 304 AND earlier.status = 200 AND earlier.fetch_id < fetches.fetch_id
      AND (earlier.page_id = fetches.page_id OR earlier.feed_id = fetches.feed_id)
    ORDER BY earlier.fetch_id DESC
    LIMIT 1
) AS saved ON true
GROUP BY run_id;
COMMENT ON VIEW run_transfer IS 'For each run: requests, those answered with 304 Not Modified, bytes that came (unpacked), and those that would have come again without conditional requests.';

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

CREATE VIEW announcement_contradictions AS
WITH said AS (
    SELECT article_id, articles.outlet, articles.canonical_url, feeds.url AS feed, headline, date_published,
           date_published_precision, title, published,
           regexp_split_to_array(lower(headline), '[^[:alnum:]]+') AS words,
           regexp_split_to_array(lower(title), '[^[:alnum:]]+') AS said_words
    FROM articles
    JOIN announcements USING (page_id)
    JOIN feeds USING (feed_id)
), compared AS (
    SELECT *, (SELECT count(DISTINCT word) FROM unnest(words) AS word WHERE word <> '' AND word = ANY (said_words))::real
              / nullif(least((SELECT count(DISTINCT word) FROM unnest(words) AS word WHERE word <> ''),
                             (SELECT count(DISTINCT word) FROM unnest(said_words) AS word WHERE word <> '')), 0) AS shared
    FROM said
)
SELECT article_id, outlet, canonical_url, feed, 'headline' AS field, headline AS read, title AS announced
FROM compared WHERE shared < 0.5
UNION ALL
SELECT article_id, outlet, canonical_url, feed, 'date_published', date_published::text, published::text
FROM compared
WHERE abs(extract(epoch FROM date_published - published))
      > CASE date_published_precision WHEN 'day' THEN 86400 ELSE 3600 END
ORDER BY article_id, field;
COMMENT ON VIEW announcement_contradictions IS 'Articles of which a feed said something else than their page: a headline with less than half of its words, or a time of publication that differs by more than an hour (a day, where the page gives days).';
