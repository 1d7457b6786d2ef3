-- What the outlet's feeds announced and the crawl did not take, by reason: how many addresses, when one was last seen,
-- and an example.
SELECT reason, count(*) AS addresses, max(last_seen_at) AS last_seen_at, min(untaken_announcements.url) AS example
FROM untaken_announcements
JOIN feeds USING (feed_id)
WHERE outlet = %(outlet)s AND retired_at IS NULL
GROUP BY reason
ORDER BY addresses DESC, reason;
