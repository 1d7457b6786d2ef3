-- Whoever may crawl may deduplicate: the queue and what is judged anew are deleted from.
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
        GRANT DELETE ON clusters, dedup_queue, refused_pairs, splits TO warta_writer;  -- what dedup makes anew; all else is kept
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE ON TABLES TO warta_writer;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO warta_writer;
    END IF;
END
$$;
SELECT grant_to_roles();
