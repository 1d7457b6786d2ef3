-- Why an address is as it is: all that is known of one page.

-- name: page_of_url
-- The page under an address, with the newest article that was read from it and the page that it is another address of.
SELECT page.page_id, page.outlet, page.url, page.state, page.reason, page.attempts, page.discovered_at, page.discovered_in,
       page.first_stored_at, page.last_fetched_at, page.next_fetch_at, page.deferred_until,
       page.announced_title, page.announced_author, page.announced_published, page.announced_modified,
       article.withdrawn_at, article.withdrawn_reason, original.url AS duplicate_of
FROM pages AS page
LEFT JOIN articles AS article ON article.article_id = (SELECT max(article_id) FROM articles WHERE articles.page_id = page.page_id)
LEFT JOIN pages AS original ON original.page_id = page.duplicate_of
WHERE page.url_sha256 = %(url_sha256)s;

-- name: page_runs
-- The state in which each run left the page, the oldest first.
SELECT run_pages.at, run_pages.state, run_pages.reason, run_id, runs.kind, runs.requested_by, runs.outcome
FROM run_pages
JOIN runs USING (run_id)
WHERE page_id = %(page_id)s
ORDER BY run_pages.at;

-- name: page_fetches
-- Each request of the page, the oldest first.
SELECT requested_at, url, outcome, status, bytes, seconds, robots, error, encode(snapshot_sha256, 'hex') AS snapshot, source
FROM fetches
WHERE page_id = %(page_id)s
ORDER BY fetch_id;

-- name: page_announcements
-- What each feed announced of the page, the oldest first.
SELECT feeds.url AS feed, title, author, published, modified, first_seen_at, last_seen_at
FROM announcements
JOIN feeds USING (feed_id)
WHERE page_id = %(page_id)s
ORDER BY first_seen_at, feed;

-- name: page_variants
-- Other addresses of the page.
SELECT url, reason, discovered_at, discovered_in FROM pages WHERE duplicate_of = %(page_id)s ORDER BY page_id;

-- name: page_revisions
-- Each revision of the page's articles, and which fields it changed.
SELECT article_id, canonical_url, headline, date_published, revisions.revision, stored_at,
       ARRAY(SELECT jsonb_object_keys(changes) ORDER BY 1) AS changed, encode(snapshot_sha256, 'hex') AS snapshot
FROM articles
JOIN revisions USING (article_id)
WHERE page_id = %(page_id)s
ORDER BY revisions.revision;

-- name: near_pages
-- Known addresses that hold this text: the name of an article, or the folder that it stands in.
SELECT url FROM pages WHERE position(%(text)s IN url) > 0 ORDER BY page_id DESC LIMIT 1000;

-- name: url_untaken
-- What feeds announced under one of these addresses and the crawl did not take.
SELECT feeds.url AS feed, untaken_announcements.url AS announced_as, reason, first_seen_at, last_seen_at
FROM untaken_announcements
JOIN feeds USING (feed_id)
WHERE url_sha256 = ANY (%(url_sha256)b)
ORDER BY first_seen_at, feed;
