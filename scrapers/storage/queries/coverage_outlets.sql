-- Each outlet of the ledger: its pages by state, what came in the last day, how many announcements of its feeds' last
-- answers were not taken, and how many alerts stand.
SELECT outlet, states, last_discovered_at, stored_in_a_day,
       (SELECT sum(untaken) FROM feeds WHERE feeds.outlet = counted.outlet AND retired_at IS NULL) AS untaken,
       (SELECT count(*) FROM alerts WHERE alerts.outlet = counted.outlet) AS alerts
FROM (SELECT outlet, jsonb_object_agg(state, pages) AS states, max(last_discovered_at) AS last_discovered_at,
             sum(stored_in_a_day)::bigint AS stored_in_a_day
      FROM (SELECT outlet, state, count(*) AS pages, max(discovered_at) AS last_discovered_at,
                   count(*) FILTER (WHERE first_stored_at > now() - interval '1 day') AS stored_in_a_day
            FROM pages GROUP BY outlet, state) AS by_state
      GROUP BY outlet) AS counted
ORDER BY outlet;
