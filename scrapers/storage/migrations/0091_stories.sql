-- Stories: different texts on one event; the role that writes may delete what is made anew.
CREATE TABLE story_queue (
    article_id  bigint PRIMARY KEY
);

COMMENT ON TABLE story_queue IS 'Deduplicated articles that wait to be put into stories.';
COMMENT ON COLUMN story_queue.article_id IS 'The article.';

CREATE TABLE story_terms (
    story_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    terms        integer[] NOT NULL,
    weights      real[] NOT NULL,
    texts        integer NOT NULL,
    last_at      timestamptz NOT NULL,
    merged_into  bigint REFERENCES story_terms
);
CREATE INDEX ON story_terms (last_at) WHERE merged_into IS NULL;

COMMENT ON TABLE story_terms IS 'What each story is compared by. View stories has what readers see.';
COMMENT ON COLUMN story_terms.story_id IS 'Key; it stays with the story.';
COMMENT ON COLUMN story_terms.terms IS 'Words and names of its texts: the heaviest, as 32 bits of a hash and a flag for names.';
COMMENT ON COLUMN story_terms.weights IS 'Their weights, in the same order.';
COMMENT ON COLUMN story_terms.texts IS 'How many different texts it has: copies count once.';
COMMENT ON COLUMN story_terms.last_at IS 'The time of its newest text.';
COMMENT ON COLUMN story_terms.merged_into IS 'The story that it is a part of since the two were merged; null for most.';

CREATE TABLE story_articles (
    article_id  bigint PRIMARY KEY,
    story_id    bigint NOT NULL REFERENCES story_terms
);
CREATE INDEX ON story_articles (story_id);

COMMENT ON TABLE story_articles IS 'Which story each article belongs to.';
COMMENT ON COLUMN story_articles.article_id IS 'The article.';
COMMENT ON COLUMN story_articles.story_id IS 'The story.';

CREATE TABLE story_splits (
    a           bigint NOT NULL REFERENCES story_terms,
    b           bigint NOT NULL REFERENCES story_terms,
    decided_by  text NOT NULL,
    decided_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (a, b),
    CHECK (a < b)
);

COMMENT ON TABLE story_splits IS 'Pairs of stories that a person has set apart; no run merges them.';
COMMENT ON COLUMN story_splits.a IS 'The story with the smaller id.';
COMMENT ON COLUMN story_splits.b IS 'The other.';
COMMENT ON COLUMN story_splits.decided_by IS 'Who decided it.';
COMMENT ON COLUMN story_splits.decided_at IS 'When.';

CREATE VIEW stories AS
SELECT story_id, (array_agg(headline ORDER BY at, article_id))[1] AS headline, min(at) AS first_at, max(at) AS last_at,
       array_agg(DISTINCT outlet ORDER BY outlet) AS outlets, count(*) AS articles,
       array_agg(article_id ORDER BY at, article_id) AS article_ids
FROM (
    SELECT story_id, article_id, outlet, headline, coalesce(date_published, first_seen_at) AS at
    FROM story_articles JOIN articles USING (article_id)
) AS told
GROUP BY story_id;
COMMENT ON VIEW stories IS 'Texts of several outlets on one event: the headline of the first, first and last time, outlets, and the articles with all copies.';

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
        GRANT DELETE ON clusters, containments, dedup_queue, key_blocks, key_segments, refusals, splits, story_queue,
                        story_splits, untaken_announcements, watch_arrivals, watches, watch_matches, deliveries,
                        delivery_tries, webhooks, api_tokens
        TO warta_writer;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE ON TABLES TO warta_writer;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO warta_writer;
    END IF;
END
$$;
SELECT grant_to_roles();
