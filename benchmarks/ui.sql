-- What stands around the articles of `benchmarks.ui`: the page of each, crawls, requests, edits, copies, pairs in doubt.
SET session_replication_role = replica;  -- no triggers, no foreign keys

INSERT INTO runs (run_id, outlet, kind, requested_by, started_at, finished_at, outcome, discovered)
SELECT gen_random_uuid(), outlet, 'crawl', 'airflow:crawl/scheduled', at, at + interval '1 minute', 'succeeded', 10
FROM (SELECT DISTINCT outlet FROM articles) AS known,
     generate_series(date_bin('30 min', now(), 'epoch') - interval '30 days', now(), interval '30 min') AS at;

INSERT INTO pages (page_id, outlet, url, url_sha256, state, reason, run_id, discovered_at, announced_published,
                   last_fetched_at, first_stored_at, next_fetch_at)
OVERRIDING SYSTEM VALUE
SELECT article_id, outlet, url, canonical_url_sha256, 'stored', NULL, gen_random_uuid(), first_seen_at, first_seen_at,
       first_seen_at, first_seen_at, NULL::timestamptz
FROM articles
UNION ALL
SELECT 10 * article_id + 1000000000, outlet, url || '/lost', sha256((url || '/lost')::bytea),
       CASE article_id % 200 WHEN 0 THEN 'quarantined' ELSE 'gave_up' END, 'http_50' || article_id % 3,
       gen_random_uuid(), first_seen_at, first_seen_at, first_seen_at, NULL, NULL
FROM articles WHERE article_id % 20 = 0;

INSERT INTO page_counts (outlet, state, reason, pages, last_discovered_at)
SELECT outlet, state, reason, count(*), max(discovered_at) FROM pages GROUP BY outlet, state, reason;

INSERT INTO run_pages (run_id, page_id, state, reason, at)
SELECT runs.run_id, page_id, state, pages.reason, discovered_at
FROM pages JOIN runs ON runs.outlet = pages.outlet AND started_at = date_bin('30 min', discovered_at, 'epoch');

INSERT INTO fetches (run_id, page_id, url, requested_at, seconds, status, bytes, robots, outcome)
SELECT run_pages.run_id, page_id, url, at, 0.2, CASE run_pages.state WHEN 'stored' THEN 200 ELSE 500 END, 100000, 'allowed', 'answered'
FROM run_pages JOIN pages USING (page_id);

INSERT INTO feeds (outlet, url, kind, last_read_at, announced, taken, untaken)
SELECT outlet, 'https://www.example.test/' || outlet || '/' || n, 'rss', now(), 20, 18, 2
FROM (SELECT DISTINCT outlet FROM articles) AS known, generate_series(1, 20) AS n;
INSERT INTO untaken_announcements (feed_id, url_sha256, url, reason)
SELECT feed_id, sha256((url || n)::bytea), url || n, 'not_an_article_url' FROM feeds, generate_series(1, 200) AS n;
INSERT INTO hosts (host) VALUES ('www.example.test');

INSERT INTO revisions (article_id, revision, run_id, url, content, provenance, changes, stored_at)
SELECT article_id, n, gen_random_uuid(), url,
       jsonb_build_object('headline', headline || n, 'article_body', article_body || ARRAY[n::text]), '{}',
       CASE n WHEN 1 THEN '{}' ELSE jsonb_build_object('headline', jsonb_build_array(headline || 1, headline || 2)) END,
       first_seen_at + n * interval '1 hour'
FROM articles, generate_series(1, 2) AS n WHERE article_id % 20 = 0;
INSERT INTO revision_edits (article_id, revision, at, kinds, words_added, words_removed, paragraphs_removed)
SELECT article_id, 2, stored_at, '{update}', 3, 2, 0 FROM revisions WHERE revision = 2;
UPDATE articles SET revision = 2 WHERE article_id % 20 = 0;

INSERT INTO clusters (article_id, representative_id, kind, added, cut, since)
SELECT article_id, article_id - article_id % 5, CASE article_id % 5 WHEN 1 THEN 'edited' END, 0.1, 0.1, first_seen_at
FROM articles WHERE article_id % 5 < 2 AND article_id >= 5;
INSERT INTO duplicates (article_id, duplicate_of, layer, score, evidence)
SELECT article_id, representative_id, 'near_duplicate', 0.6 + 0.4 * (article_id % 100) / 100,
       '{"numbers_differ": 1, "names_differ": 0, "facts_agreed": 9}'
FROM clusters WHERE kind IS NOT NULL;
INSERT INTO refusals (article_id, revision, algorithm, others, revisions, differs)
SELECT article_id, 1, 1, ARRAY[article_id - 1], '{1}', ARRAY[article_id % 3 = 0] FROM articles WHERE article_id % 7 = 3;

SET session_replication_role = DEFAULT;
VACUUM ANALYZE;
