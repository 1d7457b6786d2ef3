SELECT feeds.url AS feed, title, author, published, modified, first_seen_at, last_seen_at
FROM announcements
JOIN feeds USING (feed_id)
WHERE page_id = %(page_id)s
ORDER BY first_seen_at, feed;
