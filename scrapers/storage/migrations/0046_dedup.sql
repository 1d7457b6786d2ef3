-- Deduplication: what waits, what each article is compared by, who has which key, what was decided, what that joins.
CREATE TABLE dedup_queue (
    queue_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    article_id  bigint NOT NULL REFERENCES articles,
    queued_at   timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE dedup_queue IS 'Articles that dedup has to look at; a row goes in the transaction that stores what was found, so a killed worker leaves it.';
COMMENT ON COLUMN dedup_queue.queue_id IS 'Key; an article may wait more than once, so that who stores one never waits for dedup.';
COMMENT ON COLUMN dedup_queue.article_id IS 'The article.';
COMMENT ON COLUMN dedup_queue.queued_at IS 'Since when it waits.';

CREATE FUNCTION queue_for_dedup() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dedup_queue (article_id) VALUES (new.article_id);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION queue_for_dedup IS 'Lets dedup look at each new revision.';

-- an article that makes way for the one whose address it claimed has another address from then on
CREATE TRIGGER queue_for_dedup AFTER INSERT OR UPDATE OF revision, canonical_url ON articles
FOR EACH ROW EXECUTE FUNCTION queue_for_dedup();

CREATE TABLE signatures (
    article_id  bigint PRIMARY KEY REFERENCES articles,
    revision    integer NOT NULL,
    algorithm   integer NOT NULL,
    published   timestamptz,
    words       integer NOT NULL,
    syndicated  boolean NOT NULL,
    url_key     bigint NOT NULL,
    outlet_id   bigint,
    body        bigint,
    keys        bigint[] NOT NULL,
    signature   bytea NOT NULL
);
ALTER TABLE signatures ALTER COLUMN signature SET STORAGE EXTERNAL;  -- compressed already
CREATE INDEX ON signatures (url_key);
CREATE INDEX ON signatures (outlet_id) WHERE outlet_id IS NOT NULL;
CREATE INDEX ON signatures (body) WHERE body IS NOT NULL;

COMMENT ON TABLE signatures IS 'What each article is compared by, of its newest revision.';
COMMENT ON COLUMN signatures.article_id IS 'The article.';
COMMENT ON COLUMN signatures.revision IS 'The revision that was signed.';
COMMENT ON COLUMN signatures.algorithm IS 'Version of scrapers/dedup/text/signatures.py; only signatures of one version are compared.';
COMMENT ON COLUMN signatures.published IS 'When the article was published; null where the page does not say.';
COMMENT ON COLUMN signatures.words IS 'Words of its body, without boilerplate.';
COMMENT ON COLUMN signatures.syndicated IS 'Whether its text says that another wrote it.';
COMMENT ON COLUMN signatures.url_key IS '64 bits of the hash of what all addresses of the article have in common.';
COMMENT ON COLUMN signatures.outlet_id IS '64 bits of the hash of outlet and the outlet''s own id, where the address shows it.';
COMMENT ON COLUMN signatures.body IS 'The first 64 bits of body_sha256; null for bodies of a few words, which recur.';
COMMENT ON COLUMN signatures.keys IS 'Band keys: two articles that share one are a candidate pair.';
COMMENT ON COLUMN signatures.signature IS 'The signature, zstd.';

-- Written once instead of an index of which each article would change 32 pages.
CREATE TABLE key_segments (
    segment_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    level       integer NOT NULL,
    entries     bigint NOT NULL,
    firsts      bytea NOT NULL,
    filter      bytea
);
ALTER TABLE key_segments ALTER COLUMN firsts SET STORAGE EXTERNAL, ALTER COLUMN filter SET STORAGE EXTERNAL;  -- hashes: nothing to compress

COMMENT ON TABLE key_segments IS 'Sorted segments of sketch keys and their articles, a log-structured merge-tree: each is written once, and merged with others into a larger one.';
COMMENT ON COLUMN key_segments.segment_id IS 'Key.';
COMMENT ON COLUMN key_segments.level IS 'How often its entries have been merged; several segments of a level become one of the next.';
COMMENT ON COLUMN key_segments.entries IS 'How many entries it has.';
COMMENT ON COLUMN key_segments.firsts IS 'The first key of each of its blocks, eight bytes each, the highest first.';
COMMENT ON COLUMN key_segments.filter IS 'Of a large one, a Bloom filter of its keys (scrapers/dedup/key_index/bloom_filter.py).';

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

CREATE TABLE hot_keys (
    key     bigint PRIMARY KEY,
    since   timestamptz NOT NULL DEFAULT now(),
    filled  boolean NOT NULL DEFAULT false
);

COMMENT ON TABLE hot_keys IS 'Band keys that so many articles have that each is only compared with those nearest in length.';
COMMENT ON COLUMN hot_keys.key IS 'The key.';
COMMENT ON COLUMN hot_keys.since IS 'When it became one; it stays one.';
COMMENT ON COLUMN hot_keys.filled IS 'Whether all articles that had the key before it was hot are among those of hot_key_articles; false where a worker was killed before.';

-- What follows has no foreign keys to articles: it is written of articles that have a signature, whose foreign key holds
-- them. That is one check an article instead of eight, each of which would read and lock a row of an older article.
CREATE TABLE hot_key_articles (
    key         bigint NOT NULL,
    words       integer NOT NULL,
    article_id  bigint NOT NULL,
    PRIMARY KEY (key, words, article_id)
);

COMMENT ON TABLE hot_key_articles IS 'The articles of each hot key by their length.';
COMMENT ON COLUMN hot_key_articles.key IS 'The hot key.';
COMMENT ON COLUMN hot_key_articles.words IS 'Words of its body: copies are about as long, whenever they were published.';
COMMENT ON COLUMN hot_key_articles.article_id IS 'The article.';

-- Each decision is kept with its reason, and reversible. What stands is found by other indexes than what was taken back.
CREATE TABLE duplicates (
    duplicate_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    article_id    bigint NOT NULL,
    duplicate_of  bigint NOT NULL,
    layer         text NOT NULL
                  CHECK (layer IN ('canonical_url', 'outlet_id', 'exact_content', 'near_duplicate', 'person')),
    score         real NOT NULL CHECK (score BETWEEN 0 AND 1),
    evidence      jsonb NOT NULL,
    decided_at    timestamptz NOT NULL DEFAULT now(),
    revoked_at    timestamptz,
    revoked_by    text,
    CHECK (article_id <> duplicate_of),
    CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
CREATE UNIQUE INDEX duplicates_standing_key ON duplicates (article_id, duplicate_of, layer) WHERE revoked_at IS NULL;
-- whom a standing decision joins is looked for from either side
CREATE INDEX duplicates_standing_originals_idx ON duplicates (duplicate_of, article_id) WHERE revoked_at IS NULL;
CREATE INDEX duplicates_taken_back_idx ON duplicates (article_id, duplicate_of) WHERE revoked_at IS NOT NULL;

COMMENT ON TABLE duplicates IS 'Decisions that one article is a duplicate of another.';
COMMENT ON COLUMN duplicates.duplicate_id IS 'Key.';
COMMENT ON COLUMN duplicates.article_id IS 'The copy.';
COMMENT ON COLUMN duplicates.duplicate_of IS 'What it is a copy of.';
COMMENT ON COLUMN duplicates.layer IS 'How it was found: canonical_url, outlet_id (the outlet''s own number of the article), exact_content, near_duplicate, or a person.';
COMMENT ON COLUMN duplicates.score IS 'From 0 to 1; 1 for what is certain by definition.';
COMMENT ON COLUMN duplicates.evidence IS 'What the decision rests on.';
COMMENT ON COLUMN duplicates.decided_at IS 'When it was made.';
COMMENT ON COLUMN duplicates.revoked_at IS 'When it was taken back; null while it stands.';
COMMENT ON COLUMN duplicates.revoked_by IS 'Who took it back: dedup (the content has changed) or a person.';

CREATE FUNCTION queue_pair_for_dedup() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dedup_queue (article_id) VALUES (new.article_id), (new.duplicate_of);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION queue_pair_for_dedup IS 'Lets dedup see that a person has taken a decision back.';
CREATE TRIGGER queue_pair_for_dedup AFTER UPDATE OF revoked_by ON duplicates
FOR EACH ROW WHEN (new.revoked_by <> 'dedup') EXECUTE FUNCTION queue_pair_for_dedup();

CREATE TABLE refusals (
    article_id  bigint PRIMARY KEY,
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
COMMENT ON COLUMN refusals.algorithm IS 'Version of scrapers/dedup/text/signatures.py by which it was judged.';
COMMENT ON COLUMN refusals.others IS 'The articles that it is different from.';
COMMENT ON COLUMN refusals.revisions IS 'Their revisions that were judged, in the same order; a pair counts while both articles are as they were.';
COMMENT ON COLUMN refusals.differs IS 'Whether they are the same text about other facts, in the same order.';

CREATE TABLE splits (
    a           bigint NOT NULL REFERENCES articles,
    b           bigint NOT NULL REFERENCES articles,
    decided_by  text NOT NULL,
    decided_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (a, b),
    CHECK (a < b)
);
CREATE INDEX ON splits (b);

COMMENT ON TABLE splits IS 'Pairs that a person has called different articles; no run joins them. Merging them takes it back.';
COMMENT ON COLUMN splits.a IS 'The article with the smaller id.';
COMMENT ON COLUMN splits.b IS 'The other.';
COMMENT ON COLUMN splits.decided_by IS 'Who said so.';
COMMENT ON COLUMN splits.decided_at IS 'When.';

CREATE TABLE clusters (
    article_id         bigint PRIMARY KEY,
    representative_id  bigint NOT NULL,
    kind               text CHECK (kind IN ('exact', 'edited', 'truncated', 'extended')),
    added              real,
    cut                real
);
CREATE INDEX ON clusters (representative_id);

COMMENT ON TABLE clusters IS 'Which articles are one, by the standing decisions; an article without duplicates has no row.';
COMMENT ON COLUMN clusters.article_id IS 'A member; the representative is one too.';
COMMENT ON COLUMN clusters.representative_id IS 'The member that stands for all: with the whole text, its own reporting rather than another''s, the first published.';
COMMENT ON COLUMN clusters.kind IS 'What the member is to the representative: exact, edited, truncated or extended; null for the representative.';
COMMENT ON COLUMN clusters.added IS 'The share of its text that the representative does not have, from 0 to 1.';
COMMENT ON COLUMN clusters.cut IS 'The share of the representative''s text that it does not have.';

CREATE FUNCTION duplicates_of(article bigint)
RETURNS TABLE (article_id bigint, is_representative boolean, layer text, score real, evidence jsonb, decided_at timestamptz)
LANGUAGE sql STABLE AS $$
    SELECT member.article_id, member.article_id = member.representative_id, decision.layer, decision.score,
           decision.evidence, decision.decided_at
    FROM clusters AS mine
    JOIN clusters AS member USING (representative_id)
    LEFT JOIN duplicates AS decision
           ON decision.revoked_at IS NULL
          AND (decision.article_id, decision.duplicate_of) IN ((article, member.article_id), (member.article_id, article))
    WHERE mine.article_id = article AND member.article_id <> article
    ORDER BY member.article_id, decision.score DESC
$$;
COMMENT ON FUNCTION duplicates_of IS 'The other articles of an article''s cluster, each with the standing decisions that join the two directly; none where others join them.';
