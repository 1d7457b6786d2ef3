-- What users query first.
CREATE VIEW latest_articles AS
SELECT article_id, outlet, coalesce(date_published, first_seen_at) AS at, headline, date_published, author, editor,
       date_line, article_section, array_to_string(article_body, E'\n\n') AS body, description, keywords,
       canonical_url, image_url, image_caption, image_credit_text, revision, date_modified, first_seen_at
FROM articles
ORDER BY at DESC, article_id DESC;
COMMENT ON VIEW latest_articles IS 'All articles, newest first: SELECT * FROM latest_articles LIMIT 10. `at` is the time of publication, or of the first crawl where the page gives none.';

CREATE VIEW unique_articles AS
SELECT latest_articles.*,
       (SELECT count(*) - 1 FROM clusters AS member WHERE member.representative_id = clusters.representative_id) AS copies
FROM latest_articles
LEFT JOIN clusters USING (article_id)
WHERE clusters.representative_id IS NULL OR clusters.representative_id = article_id
ORDER BY at DESC, article_id DESC;
COMMENT ON VIEW unique_articles IS 'Each text once: articles without their duplicates, newest first. `copies` counts the duplicates left out; table clusters names them.';

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
