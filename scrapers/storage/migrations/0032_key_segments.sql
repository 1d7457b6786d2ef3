-- The articles of each key as segments that are written once, instead of an index of which each article changed 32 pages.
CREATE TABLE key_segments (
    segment_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    level       integer NOT NULL,
    entries     bigint NOT NULL,
    firsts      bytea NOT NULL,
    filter      bytea
);
ALTER TABLE key_segments ALTER COLUMN firsts SET STORAGE EXTERNAL, ALTER COLUMN filter SET STORAGE EXTERNAL;  -- hashes: nothing to compress
COMMENT ON TABLE key_segments IS 'Sorted segments of band keys and their articles, a log-structured merge-tree: each is written once, and merged with others into a larger one.';
COMMENT ON COLUMN key_segments.segment_id IS 'Key.';
COMMENT ON COLUMN key_segments.level IS 'How often its entries have been merged; several segments of a level become one of the next.';
COMMENT ON COLUMN key_segments.entries IS 'How many entries it has.';
COMMENT ON COLUMN key_segments.firsts IS 'The first key of each of its blocks, eight bytes each, the highest first.';
COMMENT ON COLUMN key_segments.filter IS 'Of a large one, a Bloom filter of its keys (scrapers/dedup/merging.py).';
CREATE TABLE key_blocks (
    segment_id  bigint NOT NULL,
    block       integer NOT NULL,
    entries     bytea NOT NULL,
    PRIMARY KEY (segment_id, block)
);
ALTER TABLE key_blocks ALTER COLUMN entries SET STORAGE EXTERNAL;
COMMENT ON TABLE key_blocks IS 'The entries of segments; written and deleted together with their segment, which is why no foreign key is checked at each.';
COMMENT ON COLUMN key_blocks.segment_id IS 'The segment.';
COMMENT ON COLUMN key_blocks.block IS 'The place of the block in its segment, from 0.';
COMMENT ON COLUMN key_blocks.entries IS 'Ascending entries of 16 bytes: a key, and an article that had it when it was published; each eight bytes, the highest first.';

CREATE VIEW key_entries AS
SELECT segment_id,
       ('x' || encode(substring(entries FROM start + 1 FOR 8), 'hex'))::bit(64)::bigint AS key,
       ('x' || encode(substring(entries FROM start + 9 FOR 8), 'hex'))::bit(64)::bigint AS article_id
FROM key_blocks CROSS JOIN generate_series(0, length(entries) - 1, 16) AS start;
COMMENT ON VIEW key_entries IS 'The entries of key_blocks, a row each: which article had which key when it was published.';

-- What is signed already is one segment; the next run of dedup gives it a filter where it is large.
WITH entry AS (
    SELECT key, article_id, (row_number() OVER (ORDER BY key, article_id) - 1) / 60 AS block
    FROM signatures CROSS JOIN unnest(keys) AS key
)
INSERT INTO key_blocks (segment_id, block, entries)
SELECT 0, block, string_agg(int8send(key) || int8send(article_id), ''::bytea ORDER BY key, article_id)
FROM entry
GROUP BY block;
INSERT INTO key_segments (segment_id, level, entries, firsts) OVERRIDING SYSTEM VALUE
SELECT 0, greatest(floor(log(8, sum(length(entries)) / 16 / 32000.0)), 0), sum(length(entries)) / 16,
       string_agg(substring(entries FOR 8), ''::bytea ORDER BY block)
FROM key_blocks
HAVING count(*) > 0;
DROP INDEX signatures_keys_idx;

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
        -- what dedup makes anew; all else is kept
        GRANT DELETE ON clusters, dedup_queue, key_blocks, key_segments, refusals, splits TO warta_writer;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE ON TABLES TO warta_writer;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO warta_writer;
    END IF;
END
$$;
SELECT grant_to_roles();
