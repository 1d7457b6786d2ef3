-- Tokens of programs that read.
CREATE TABLE api_tokens (
    name          text PRIMARY KEY,
    token_sha256  bytea NOT NULL UNIQUE,
    scope         text NOT NULL CHECK (scope IN ('read', 'feeds')),
    created_by    text NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    expires_at    timestamptz
);
COMMENT ON TABLE api_tokens IS 'Tokens with which programs read; the tokens themselves are not kept.';
COMMENT ON COLUMN api_tokens.name IS 'What it is for.';
COMMENT ON COLUMN api_tokens.token_sha256 IS 'SHA-256 of the token.';
COMMENT ON COLUMN api_tokens.scope IS 'read: the API, MCP and feeds; feeds: these alone.';
COMMENT ON COLUMN api_tokens.created_by IS 'Who made it.';
COMMENT ON COLUMN api_tokens.created_at IS 'When.';
COMMENT ON COLUMN api_tokens.expires_at IS 'Until when it holds; null for ever.';

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
        -- what dedup makes anew, what is bounded, and what people remove again; all else is kept
        GRANT DELETE ON clusters, dedup_queue, key_blocks, key_segments, refusals, splits, untaken_announcements,
                        watch_arrivals, watches, watch_matches, deliveries, delivery_tries, webhooks, api_tokens
        TO warta_writer;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE ON TABLES TO warta_writer;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO warta_writer;
    END IF;
END
$$;
SELECT grant_to_roles();
