-- Who may do what: the owner migrates, warta_writer crawls, warta_reader asks.
CREATE FUNCTION grant_to_roles() RETURNS void LANGUAGE plpgsql AS $$
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
COMMENT ON FUNCTION grant_to_roles IS 'Gives the roles warta_writer and warta_reader what they need; to be called again where they were made after this.';
REVOKE EXECUTE ON FUNCTION grant_to_roles FROM PUBLIC;

DO $$
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
END
$$;
SELECT grant_to_roles();
