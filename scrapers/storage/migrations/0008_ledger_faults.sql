-- The conservation law: what must hold of the ledger at any moment, each breach a row.
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
  AND NOT EXISTS (SELECT FROM fetches WHERE fetches.page_id = pages.page_id AND outcome = 'answered');

COMMENT ON VIEW ledger_faults IS 'Breaches of what must hold of the ledger, at any moment: empty, or something was lost, doubled or left unexplained.';
