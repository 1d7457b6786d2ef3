-- Pairs that were judged to be different articles: a row an article instead of a row a pair, which takes a fifth of the bytes and of the time.
CREATE TABLE refusals (
    article_id  bigint PRIMARY KEY REFERENCES articles,
    revision    integer NOT NULL,
    algorithm   integer NOT NULL,
    others      bigint[] NOT NULL,
    revisions   integer[] NOT NULL,
    differs     boolean[] NOT NULL,
    CHECK (cardinality(others) = cardinality(revisions) AND cardinality(others) = cardinality(differs))
);
COMMENT ON TABLE refusals IS 'Candidate pairs that were judged to be different articles, with the one that was looked at last; they count against joining clusters.';
COMMENT ON COLUMN refusals.article_id IS 'The article.';
COMMENT ON COLUMN refusals.revision IS 'Its revision that was judged; of another one, what stands here counts no more.';
COMMENT ON COLUMN refusals.algorithm IS 'Version of scrapers/dedup/signatures.py by which it was judged.';
COMMENT ON COLUMN refusals.others IS 'The articles that it is different from.';
COMMENT ON COLUMN refusals.revisions IS 'Their revisions that were judged, in the same order; a pair counts while both articles are as they were.';
COMMENT ON COLUMN refusals.differs IS 'Whether they are the same text about other facts, in the same order.';
INSERT INTO refusals (article_id, revision, algorithm, others, revisions, differs)
SELECT b, b_revision, algorithm, array_agg(a ORDER BY a), array_agg(a_revision ORDER BY a), array_agg(differs ORDER BY a)
FROM refused_pairs JOIN signatures ON (signatures.article_id, signatures.revision) = (b, b_revision)
GROUP BY b, b_revision, algorithm;
DROP TABLE refused_pairs;

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
        GRANT DELETE ON clusters, dedup_queue, refusals, splits TO warta_writer;  -- what dedup makes anew; all else is kept
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE ON TABLES TO warta_writer;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO warta_writer;
    END IF;
END
$$;
SELECT grant_to_roles();
