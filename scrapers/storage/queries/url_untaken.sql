-- What feeds announced under one of these addresses and the crawl did not take.
SELECT feeds.url AS feed, untaken_announcements.url AS announced_as, reason, first_seen_at, last_seen_at
FROM untaken_announcements
JOIN feeds USING (feed_id)
WHERE url_sha256 = ANY (%(url_sha256)b)
ORDER BY first_seen_at, feed;
