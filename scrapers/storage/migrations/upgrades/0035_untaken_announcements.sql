-- What feeds announce and a crawl does not take has a row and a reason: the conservation law begins at the announcement.
CREATE TABLE untaken_announcements (
    feed_id        bigint NOT NULL REFERENCES feeds,
    url_sha256     bytea NOT NULL,
    url            text NOT NULL,
    reason         text NOT NULL,
    first_seen_at  timestamptz NOT NULL DEFAULT now(),
    last_seen_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (feed_id, url_sha256)
);
CREATE INDEX ON untaken_announcements (url_sha256);
COMMENT ON TABLE untaken_announcements IS 'What a feed announces and the crawl does not take, with the reason; of each feed the 1,000 addresses that were seen last. feeds.untaken counts all of the last answer.';
COMMENT ON COLUMN untaken_announcements.feed_id IS 'The feed that announced it.';
COMMENT ON COLUMN untaken_announcements.url_sha256 IS 'SHA-256 of the whole address as announced.';
COMMENT ON COLUMN untaken_announcements.url IS 'The address as announced, its first 2,000 characters; empty for items without one.';
COMMENT ON COLUMN untaken_announcements.reason IS 'Why it is not taken: not_an_article_url, section_front, other_site, file, bad_address, no_address, trap: …; of a feed that is named: other_site, too_long, not_followed.';
COMMENT ON COLUMN untaken_announcements.first_seen_at IS 'When the feed first announced it.';
COMMENT ON COLUMN untaken_announcements.last_seen_at IS 'When it last did, to the hour.';

ALTER TABLE feeds
    DROP CONSTRAINT feeds_kind_check,
    ADD CHECK (kind IN ('rss', 'sitemap', 'section', 'home', 'listing', 'robots', 'archive')),
    ADD COLUMN announced            integer,
    ADD COLUMN taken                integer,
    ADD COLUMN untaken              integer,
    ADD COLUMN declaration          text,
    ADD COLUMN is_lastmod_confirmed boolean NOT NULL DEFAULT false,
    ADD COLUMN is_lastmod_wrong     boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN feeds.kind IS 'rss (RSS, Atom or JSON Feed), sitemap (also index and news sitemaps), section (an HTML page of links), home (a section that names feeds and listings), listing (a page of a blog''s or archive''s list, with the pages that follow), robots (robots.txt, which names sitemaps), archive (a day''s list).';
COMMENT ON COLUMN feeds.announced IS 'How many addresses its last answer named, those of other feeds included.';
COMMENT ON COLUMN feeds.taken IS 'How many of these are pages of the ledger, or feeds that are followed.';
COMMENT ON COLUMN feeds.untaken IS 'How many of these are not taken; untaken_announcements says why.';
COMMENT ON COLUMN feeds.declaration IS 'Digest of the outlet''s name and address rules by which it was last named; when it changes, the feed is unread again.';
COMMENT ON COLUMN feeds.is_lastmod_confirmed IS 'Whether the sitemap was asked for again at the same lastmod of its index and had not changed; only then does the lastmod save polls, for a week at a time.';
COMMENT ON COLUMN feeds.is_lastmod_wrong IS 'Whether the sitemap changed once while its index said that it did not: its lastmod is never believed again.';
COMMENT ON COLUMN feeds.read_lastmod IS 'The same when it was last read well.';

CREATE VIEW announcement_balance AS
SELECT outlet, feed_id, kind, url AS feed, last_read_at, announced, taken, untaken,
       announced IS NOT DISTINCT FROM taken + untaken AS balanced
FROM feeds
WHERE announced IS NOT NULL;
COMMENT ON VIEW announcement_balance IS 'For each feed, what its last answer announced against what the ledger took and did not take; `balanced` is true or an announcement was lost.';

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
WHERE NOT EXISTS (SELECT FROM pages WHERE pages.page_id = announcements.page_id);

CREATE OR REPLACE FUNCTION grant_to_roles() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'warta_reader') THEN
        GRANT USAGE ON SCHEMA public TO warta_reader;
        GRANT SELECT ON ALL TABLES IN SCHEMA public TO warta_reader;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO warta_reader;
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'warta_writer') THEN
        GRANT USAGE ON SCHEMA public TO warta_writer;
        GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO warta_writer;
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO warta_writer;
        REVOKE INSERT, UPDATE ON migrations FROM warta_writer;
        -- what dedup makes anew, and what is bounded; all else is kept
        GRANT DELETE ON clusters, dedup_queue, key_blocks, key_segments, refusals, splits, untaken_announcements
        TO warta_writer;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE ON TABLES TO warta_writer;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO warta_writer;
    END IF;
END
$$;
SELECT grant_to_roles();
