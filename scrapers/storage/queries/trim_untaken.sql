-- Of what a feed announced and was not taken, keep what was seen last.
DELETE FROM untaken_announcements AS noted
USING (SELECT url_sha256 FROM untaken_announcements WHERE feed_id = %(feed_id)s
       ORDER BY last_seen_at DESC, first_seen_at DESC, url_sha256 OFFSET %(most)s) AS older
WHERE noted.feed_id = %(feed_id)s AND noted.url_sha256 = older.url_sha256;
