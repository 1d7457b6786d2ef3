-- Coverage: how much of what outlets publish is read, and what needs somebody.

-- name: coverage_outlets
-- Each outlet of the ledger: its pages by state, the articles that came in the last day, how many announcements of its
-- feeds' last answers were not taken, and how many alarms stand.
SELECT outlet, states, last_discovered_at,
       (SELECT count(*) FROM articles
        WHERE articles.outlet = counted.outlet AND first_seen_at > now() - interval '1 day') AS stored_in_a_day,
       (SELECT sum(untaken) FROM feeds WHERE feeds.outlet = counted.outlet AND retired_at IS NULL) AS untaken,
       (SELECT count(*) FROM alarms WHERE alarms.outlet = counted.outlet AND ended_at IS NULL) AS alarms
FROM (SELECT outlet, jsonb_object_agg(state, pages) AS states, max(last_discovered_at) AS last_discovered_at
      FROM (SELECT outlet, state, sum(pages)::bigint AS pages, max(last_discovered_at) AS last_discovered_at
            FROM ledger GROUP BY outlet, state) AS by_state
      GROUP BY outlet) AS counted
ORDER BY outlet;

-- name: coverage_hours
-- The outlet's pages by hour (in its own zone) and state; other addresses of a page are left out. An hour is the one of
-- publication as announced, else as the article says, else that of discovery; `announced` counts the first kind. What is
-- published on a day is discovered then or later, or a week before where feeds announce what is to come.
SELECT date_trunc('hour', at AT TIME ZONE %(time_zone)s) AS hour, state, count(*) AS pages, count(announced_published) AS announced
FROM (SELECT state, announced_published,
             coalesce(announced_published, (SELECT max(date_published) FROM articles WHERE articles.page_id = pages.page_id),
                      discovered_at) AS at
      FROM pages
      WHERE outlet = %(outlet)s AND state <> 'duplicate' AND discovered_at >= %(since)s::timestamptz - interval '7 days'
      OFFSET 0) AS dated  -- so that each is dated once
WHERE at >= %(since)s AND at < %(until)s
GROUP BY hour, state
ORDER BY hour, state;

-- name: coverage_untaken
-- What the outlet's feeds announced and the crawl did not take, by reason: how many addresses, when one was last seen,
-- and an example.
SELECT reason, count(*) AS addresses, max(last_seen_at) AS last_seen_at, min(untaken_announcements.url) AS example
FROM untaken_announcements
JOIN feeds USING (feed_id)
WHERE outlet = %(outlet)s AND retired_at IS NULL
GROUP BY reason
ORDER BY addresses DESC, reason;

-- name: coverage_contradicted
-- How many of the outlet's articles say something else than their feed, and one of them; takes a look at all its articles.
SELECT count(DISTINCT article_id) AS articles, min(canonical_url) AS example
FROM announcement_contradictions
WHERE outlet = %(outlet)s;
