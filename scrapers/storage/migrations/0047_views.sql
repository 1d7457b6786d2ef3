-- What users query first, and whether the ledger accounts for all.
CREATE VIEW latest_articles AS
SELECT article_id, outlet, coalesce(date_published, first_seen_at) AS at, headline, date_published, author, editor,
       date_line, article_section, array_to_string(article_body, E'\n\n') AS body, description, keywords,
       canonical_url, image_url, image_caption, image_credit_text, revision, date_modified, first_seen_at, withdrawn_at
FROM articles
ORDER BY at DESC, article_id DESC;
COMMENT ON VIEW latest_articles IS 'All articles, newest first: SELECT * FROM latest_articles LIMIT 10. `at` is the time of publication, or of the first crawl where the page gives none.';

CREATE VIEW unique_articles AS
SELECT article_id, outlet, at, headline, date_published, author, editor, date_line, article_section, body, description,
       keywords, canonical_url, image_url, image_caption, image_credit_text, revision, date_modified, first_seen_at,
       (SELECT greatest(count(*) - 1, 0) FROM clusters AS member WHERE member.representative_id = latest.article_id) AS copies,
       withdrawn_at
FROM latest_articles AS latest
WHERE NOT EXISTS (
    SELECT FROM clusters
    WHERE clusters.article_id = latest.article_id AND clusters.representative_id <> clusters.article_id)
ORDER BY at DESC, article_id DESC;
COMMENT ON VIEW unique_articles IS 'Each text once: articles without their duplicates, newest first. `copies` counts the duplicates left out; table clusters names them.';

CREATE VIEW syndication AS
SELECT clusters.representative_id, clusters.article_id,
       rank() OVER publication AS position,
       articles.outlet, articles.date_published,
       articles.date_published - first_value(articles.date_published) OVER publication AS behind_first,
       clusters.kind, clusters.added, clusters.cut,
       articles.headline <> original.headline AS headline_rewritten,
       articles.headline, articles.canonical_url
FROM clusters
JOIN articles USING (article_id)
JOIN articles AS original ON original.article_id = clusters.representative_id
WINDOW publication AS (PARTITION BY clusters.representative_id ORDER BY articles.date_published NULLS LAST);
COMMENT ON VIEW syndication IS 'Who had a text first, who followed how much later, and what each changed. Compared with the representative: kind, added, cut, headline_rewritten.';

CREATE VIEW ledger AS
SELECT outlet, state, reason, count(*) AS pages, max(discovered_at) AS last_discovered_at
FROM pages
GROUP BY outlet, state, reason
ORDER BY outlet, state, reason;
COMMENT ON VIEW ledger IS 'How many pages of each outlet are in which state, and why.';

CREATE VIEW run_balance AS
SELECT run_id, runs.outlet, runs.outcome, runs.started_at, runs.discovered,
       count(page_id) AS accounted,
       count(page_id) FILTER (WHERE run_pages.state = 'leased') AS leased,
       runs.discovered = count(page_id) AS balanced
FROM runs
LEFT JOIN run_pages USING (run_id)
GROUP BY run_id;
COMMENT ON VIEW run_balance IS 'For each run, what it counted as discovered against what the ledger accounts for; `balanced` is true or a page was lost.';

CREATE VIEW announcement_balance AS
SELECT outlet, feed_id, kind, url AS feed, last_read_at, announced, taken, untaken,
       announced IS NOT DISTINCT FROM taken + untaken AS balanced
FROM feeds
WHERE announced IS NOT NULL;
COMMENT ON VIEW announcement_balance IS 'For each feed, what its last answer announced against what the ledger took and did not take; `balanced` is true or an announcement was lost.';

CREATE VIEW ledger_faults AS
SELECT 'the run''s pages do not add up' AS fault, run_id, NULL::bigint AS page_id,
       discovered || ' counted, ' || accounted || ' in the ledger' AS detail
FROM run_balance
WHERE NOT balanced
UNION ALL
SELECT 'leased by a run that has ended', run_id, page_id, url
FROM pages JOIN runs USING (run_id)
WHERE pages.state = 'leased' AND runs.outcome <> 'running'
UNION ALL
SELECT 'left without a reason', run_id, page_id, url || ' is ' || state
FROM pages
WHERE state IN ('rejected', 'deferred', 'quarantined', 'gave_up', 'duplicate') AND coalesce(reason, '') = ''
UNION ALL
SELECT 'ended without a reason', run_id, NULL, outcome
FROM runs
WHERE outcome IN ('failed', 'stopped', 'interrupted') AND coalesce(reason, '') = ''
UNION ALL
SELECT 'the last run''s account differs', pages.run_id, page_id, coalesce(run_pages.state, 'none') || ', in the ledger ' || pages.state
FROM pages LEFT JOIN run_pages USING (run_id, page_id)
WHERE run_pages.state IS DISTINCT FROM pages.state
UNION ALL
SELECT 'stored without an article', run_id, page_id, url
FROM pages
WHERE state = 'stored' AND NOT EXISTS (SELECT FROM articles WHERE articles.page_id = pages.page_id)
UNION ALL
SELECT 'article of a page that is not stored', run_id, page_id, pages.url || ' is ' || pages.state
FROM articles JOIN pages USING (page_id)
WHERE pages.state IN ('discovered', 'duplicate')
UNION ALL
SELECT 'revisions with a gap', NULL, page_id, articles.url
FROM articles
WHERE revision <> (SELECT count(*) FROM revisions WHERE revisions.article_id = articles.article_id)
   OR revision <> (SELECT max(revision) FROM revisions WHERE revisions.article_id = articles.article_id)
UNION ALL
SELECT 'stored without a fetch that answered', run_id, page_id, url
FROM pages
WHERE state IN ('stored', 'unchanged') AND url ~ '^https?:'
  AND NOT EXISTS (SELECT FROM fetches WHERE fetches.page_id = pages.page_id AND outcome = 'answered')
UNION ALL
SELECT 'the feed''s announcements do not add up', NULL, NULL,
       feed || ' announced ' || announced || ', ' || taken || ' taken, ' || untaken || ' not'
FROM announcement_balance
WHERE NOT balanced
UNION ALL
SELECT 'not taken without a row', NULL, NULL, url || ' has ' || untaken || ', and no row says why'
FROM feeds
WHERE untaken > 0 AND NOT EXISTS (SELECT FROM untaken_announcements WHERE untaken_announcements.feed_id = feeds.feed_id)
UNION ALL
SELECT 'announced, and in no state', NULL, announcements.page_id, feeds.url
FROM announcements JOIN feeds USING (feed_id)
WHERE NOT EXISTS (SELECT FROM pages WHERE pages.page_id = announcements.page_id);
COMMENT ON VIEW ledger_faults IS 'Breaches of what must hold of the ledger, at any moment: empty, or something was lost, doubled or left unexplained.';

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
