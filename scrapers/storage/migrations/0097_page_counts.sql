-- How many pages are in which state is kept, as counting a large ledger takes too long for a page that people wait for.
CREATE TABLE page_counts (
    outlet              text NOT NULL,
    state               text NOT NULL,
    reason              text,
    pages               bigint NOT NULL,
    last_discovered_at  timestamptz
);
CREATE INDEX ON page_counts (outlet);

COMMENT ON TABLE page_counts IS 'By how many pages each statement changed the number in a state. Rows are only added, so that crawls never wait for one another, until the end of a run sums up those of its outlet. View ledger has the sums.';
COMMENT ON COLUMN page_counts.outlet IS 'The outlet''s name.';
COMMENT ON COLUMN page_counts.state IS 'The state of these pages.';
COMMENT ON COLUMN page_counts.reason IS 'Their reason.';
COMMENT ON COLUMN page_counts.pages IS 'How many came into the state, less those that left it.';
COMMENT ON COLUMN page_counts.last_discovered_at IS 'When the newest of those that came was discovered; null where none came.';

CREATE FUNCTION count_pages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO page_counts (outlet, state, reason, pages, last_discovered_at)
        SELECT outlet, state, reason, count(*), max(discovered_at) FROM added GROUP BY outlet, state, reason;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO page_counts (outlet, state, reason, pages, last_discovered_at)
        SELECT side.outlet, side.state, side.reason, sum(side.pages), max(side.discovered_at)
        FROM changed
        JOIN before USING (page_id)
        CROSS JOIN LATERAL (VALUES
            (changed.outlet, changed.state, changed.reason, 1, changed.discovered_at),
            (before.outlet, before.state, before.reason, -1, NULL)) AS side (outlet, state, reason, pages, discovered_at)
        WHERE (changed.outlet, changed.state, changed.reason) IS DISTINCT FROM (before.outlet, before.state, before.reason)
        GROUP BY side.outlet, side.state, side.reason;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO page_counts (outlet, state, reason, pages)
        SELECT outlet, state, reason, -count(*) FROM removed GROUP BY outlet, state, reason;
    ELSE
        INSERT INTO page_counts (outlet, state, reason, pages)
        SELECT outlet, state, reason, -sum(pages) FROM page_counts GROUP BY outlet, state, reason;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION count_pages IS 'Keeps page_counts in step with pages, whoever writes.';
CREATE TRIGGER count_new_pages AFTER INSERT ON pages
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION count_pages();
CREATE TRIGGER count_changed_pages AFTER UPDATE ON pages
REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_pages();
CREATE TRIGGER count_deleted_pages AFTER DELETE ON pages
REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION count_pages();
CREATE TRIGGER count_truncated_pages AFTER TRUNCATE ON pages FOR EACH STATEMENT EXECUTE FUNCTION count_pages();

INSERT INTO page_counts (outlet, state, reason, pages, last_discovered_at)
SELECT outlet, state, reason, count(*), max(discovered_at) FROM pages GROUP BY outlet, state, reason;

-- with the owner's rights: warta_writer deletes nothing
CREATE FUNCTION sum_up_page_counts(outlet text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH held AS (
        SELECT ctid FROM page_counts WHERE page_counts.outlet = $1 FOR UPDATE SKIP LOCKED
    ), taken AS (
        DELETE FROM page_counts WHERE ctid = ANY (ARRAY(SELECT ctid FROM held))
        RETURNING page_counts.outlet, state, reason, pages, last_discovered_at
    )
    INSERT INTO page_counts (outlet, state, reason, pages, last_discovered_at)
    SELECT taken.outlet, state, reason, sum(pages), max(last_discovered_at)
    FROM taken
    GROUP BY taken.outlet, state, reason
$$;
COMMENT ON FUNCTION sum_up_page_counts IS 'Puts one row in place of those that an outlet has for a state and reason, but for rows that another session is summing up.';

CREATE OR REPLACE VIEW ledger AS
SELECT outlet, state, reason, sum(pages)::bigint AS pages, max(last_discovered_at) AS last_discovered_at
FROM page_counts
GROUP BY outlet, state, reason
HAVING sum(pages) <> 0
ORDER BY outlet, state, reason;
COMMENT ON VIEW ledger IS 'How many pages of each outlet are in which state, and why; and when the newest that ever came into it was discovered.';

CREATE OR REPLACE VIEW ledger_faults AS
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
WHERE NOT EXISTS (SELECT FROM pages WHERE pages.page_id = announcements.page_id)
UNION ALL
SELECT 'the kept number of pages differs', NULL, NULL,
       concat_ws(' ', outlet, state, reason) || ': ' || sum(pages) || ' more in the ledger than counted'
FROM (
    SELECT outlet, state, reason, count(*) AS pages FROM pages GROUP BY outlet, state, reason
    UNION ALL
    SELECT outlet, state, reason, -pages FROM ledger
) AS both_ways
GROUP BY outlet, state, reason
HAVING sum(pages) <> 0;
