-- The outlet's pages by hour (in its own zone) and state; other addresses of a page are left out. An hour is the one of
-- publication as announced, else as the article says, else that of discovery; `announced` counts the first kind.
SELECT date_trunc('hour', coalesce(announced_published, date_published, discovered_at) AT TIME ZONE %(time_zone)s) AS hour,
       state, count(*) AS pages, count(announced_published) AS announced
FROM pages
LEFT JOIN articles USING (page_id)
WHERE pages.outlet = %(outlet)s
  AND pages.state <> 'duplicate'
  AND coalesce(announced_published, date_published, discovered_at) >= %(since)s
  AND coalesce(announced_published, date_published, discovered_at) < %(until)s
GROUP BY hour, state
ORDER BY hour, state;
