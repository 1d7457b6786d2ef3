-- What grows with time is pruned: the log of requests, the runs' accounts, announcements, and raw pages if they should be.
ALTER TABLE runs ADD COLUMN pruned_at timestamptz;
COMMENT ON COLUMN runs.pruned_at IS 'When its part of run_pages and fetches was pruned; null while that is whole. What is the last of a page stays.';
COMMENT ON TABLE runs IS 'One row a crawl, an ingest or another work on pages. A pruned run that nothing refers to is deleted.';
COMMENT ON TABLE run_pages IS 'The state in which each run left each page that it discovered or leased; written by a trigger on pages. Of pruned runs only each page''s last one stays.';
COMMENT ON TABLE fetches IS 'One row a request; never changed. Pruned after WARTA_KEEP_FETCHES, but those whose body is kept and the last of each page.';
COMMENT ON COLUMN fetches.snapshot_sha256 IS 'The body that came, in snapshots; null where none is kept, or not any longer.';
COMMENT ON TABLE announcements IS 'What each feed said of each page: a row more where it says something else later. Links without a word beside them have no row. Pruned WARTA_KEEP_ANNOUNCEMENTS after the feed last said so.';
COMMENT ON TABLE snapshots IS 'Raw response bodies, each kept once; for ever, or as long as WARTA_KEEP_PAGES and the outlet say.';
COMMENT ON COLUMN revisions.snapshot_sha256 IS 'The page it was read from, in snapshots; null where none is kept, or not any longer.';
COMMENT ON COLUMN dictionaries.retired_at IS 'Since when it is not to be used, as one of its pages was taken down; it is deleted once no snapshot needs it, as each but the newest is.';

CREATE INDEX ON announcements (first_seen_at);

-- a raw page may go, what was read from it stays
DROP TRIGGER append_only ON revisions;
CREATE TRIGGER append_only
BEFORE UPDATE OF article_id, revision, run_id, url, content, provenance, changes, stored_at, origin
ON revisions FOR EACH ROW EXECUTE FUNCTION forbid_change();

CREATE OR REPLACE VIEW run_balance AS
SELECT run_id, runs.outlet, runs.outcome, runs.started_at, runs.discovered,
       count(page_id) AS accounted,
       count(page_id) FILTER (WHERE run_pages.state = 'leased') AS leased,
       runs.discovered = count(page_id) OR runs.pruned_at IS NOT NULL AND runs.discovered > count(page_id) AS balanced
FROM runs
LEFT JOIN run_pages USING (run_id)
GROUP BY run_id;
COMMENT ON VIEW run_balance IS 'For each run, what it counted as discovered against what the ledger accounts for, which is less where the run was pruned; `balanced` is true or a page was lost.';

CREATE FUNCTION create_roles() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['warta_writer', 'warta_reader'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', role);
            EXECUTE format('GRANT %I TO CURRENT_USER', role);
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN NULL;  -- roles are the server's; another database has them
            WHEN insufficient_privilege THEN
                RAISE NOTICE 'role % was not made: that needs CREATEROLE; see docs/how-to/deploy.md', role;
        END;
    END LOOP;
    REVOKE EXECUTE ON FUNCTION create_roles, grant_to_roles FROM PUBLIC;
END
$$;
COMMENT ON FUNCTION create_roles IS 'Makes the roles warta_writer and warta_reader where the server lacks them; grant_to_roles gives them their rights. A restored backup needs both.';
SELECT create_roles();
