-- Near-duplicates as they arrive: what waits, what each article is compared by, what was refused, what people decided.
ALTER TABLE duplicates DROP CONSTRAINT duplicates_layer_check;
ALTER TABLE duplicates ADD CONSTRAINT duplicates_layer_check
    CHECK (layer IN ('canonical_url', 'outlet_id', 'exact_content', 'near_duplicate', 'person'));
COMMENT ON COLUMN duplicates.layer IS 'How it was found: canonical_url, outlet_id (the outlet''s own number of the article), exact_content, near_duplicate, or a person.';

CREATE TABLE dedup_queue (
    queue_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    article_id  bigint NOT NULL REFERENCES articles,
    queued_at   timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE dedup_queue IS 'Articles that dedup has to look at; a row goes in the transaction that stores what was found, so a killed worker leaves it.';
COMMENT ON COLUMN dedup_queue.queue_id IS 'Key; an article may wait more than once, so that who stores one never waits for dedup.';
COMMENT ON COLUMN dedup_queue.article_id IS 'The article.';
COMMENT ON COLUMN dedup_queue.queued_at IS 'Since when it waits.';
INSERT INTO dedup_queue (article_id) SELECT article_id FROM articles ORDER BY article_id;

CREATE FUNCTION queue_for_dedup() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dedup_queue (article_id) VALUES (new.article_id);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION queue_for_dedup IS 'Lets dedup look at each new revision.';
CREATE TRIGGER queue_for_dedup AFTER INSERT OR UPDATE OF revision ON articles
FOR EACH ROW EXECUTE FUNCTION queue_for_dedup();
CREATE FUNCTION queue_pair_for_dedup() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dedup_queue (article_id) VALUES (new.article_id), (new.duplicate_of);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION queue_pair_for_dedup IS 'Lets dedup see that a person has taken a decision back.';
CREATE TRIGGER queue_pair_for_dedup AFTER UPDATE OF revoked_by ON duplicates
FOR EACH ROW WHEN (new.revoked_by <> 'dedup') EXECUTE FUNCTION queue_pair_for_dedup();

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
CREATE INDEX ON signatures USING gin (keys) WITH (fastupdate = off);  -- a pending list would be read at every probe
COMMENT ON TABLE signatures IS 'What each article is compared by, of its newest revision.';
COMMENT ON COLUMN signatures.article_id IS 'The article.';
COMMENT ON COLUMN signatures.revision IS 'The revision that was signed.';
COMMENT ON COLUMN signatures.algorithm IS 'Version of scrapers/dedup/signatures.py; only signatures of one version are compared.';
COMMENT ON COLUMN signatures.published IS 'When the article was published; null where the page does not say.';
COMMENT ON COLUMN signatures.words IS 'Words of its body, without boilerplate.';
COMMENT ON COLUMN signatures.syndicated IS 'Whether its text says that another wrote it.';
COMMENT ON COLUMN signatures.url_key IS '64 bits of the hash of what all addresses of the article have in common.';
COMMENT ON COLUMN signatures.outlet_id IS '64 bits of the hash of outlet and the outlet''s own id, where the address shows it.';
COMMENT ON COLUMN signatures.body IS 'The first 64 bits of body_sha256; null for bodies of a few words, which recur.';
COMMENT ON COLUMN signatures.keys IS 'Band keys: two articles that share one are a candidate pair.';
COMMENT ON COLUMN signatures.signature IS 'The signature, zstd.';

CREATE TABLE hot_keys (
    key    bigint PRIMARY KEY,
    since  timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE hot_keys IS 'Band keys that so many articles have that each is only compared with those nearest in length.';
COMMENT ON COLUMN hot_keys.key IS 'The key.';
COMMENT ON COLUMN hot_keys.since IS 'When it became one; it stays one.';
CREATE TABLE hot_key_articles (
    key         bigint NOT NULL REFERENCES hot_keys,
    words       integer NOT NULL,
    article_id  bigint NOT NULL REFERENCES articles,
    PRIMARY KEY (key, words, article_id)
);
COMMENT ON TABLE hot_key_articles IS 'The articles of each hot key by their length.';
COMMENT ON COLUMN hot_key_articles.key IS 'The hot key.';
COMMENT ON COLUMN hot_key_articles.words IS 'Words of its body: copies are about as long, whenever they were published.';
COMMENT ON COLUMN hot_key_articles.article_id IS 'The article.';

CREATE TABLE refused_pairs (
    a           bigint NOT NULL REFERENCES articles,
    b           bigint NOT NULL REFERENCES articles,
    a_revision  integer NOT NULL,
    b_revision  integer NOT NULL,
    score       real NOT NULL,
    differs     boolean NOT NULL,
    PRIMARY KEY (a, b),
    CHECK (a < b)
);
CREATE INDEX ON refused_pairs (b);
COMMENT ON TABLE refused_pairs IS 'Candidate pairs that were judged to be different articles; they count against joining clusters.';
COMMENT ON COLUMN refused_pairs.a IS 'The article with the smaller id.';
COMMENT ON COLUMN refused_pairs.b IS 'The other.';
COMMENT ON COLUMN refused_pairs.a_revision IS 'The revision of a that was judged.';
COMMENT ON COLUMN refused_pairs.b_revision IS 'The revision of b that was judged.';
COMMENT ON COLUMN refused_pairs.score IS 'How much they share, from 0 to 1.';
COMMENT ON COLUMN refused_pairs.differs IS 'Whether they are the same text about other facts.';

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

ALTER TABLE clusters
    ADD COLUMN kind   text CHECK (kind IN ('exact', 'edited', 'truncated', 'extended')),
    ADD COLUMN added  real,
    ADD COLUMN cut    real;
COMMENT ON COLUMN clusters.representative_id IS 'The member that stands for all: with the whole text, its own reporting rather than another''s, the first published.';
COMMENT ON COLUMN clusters.kind IS 'What the member is to the representative: exact, edited, truncated or extended; null for the representative.';
COMMENT ON COLUMN clusters.added IS 'The share of its text that the representative does not have, from 0 to 1.';
COMMENT ON COLUMN clusters.cut IS 'The share of the representative''s text that it does not have.';

CREATE VIEW syndication AS
SELECT clusters.representative_id, clusters.article_id,
       rank() OVER publication AS position,
       articles.outlet, articles.date_published,
       articles.date_published - first_value(articles.date_published) OVER publication AS behind_first,
       clusters.kind, clusters.added, clusters.cut,
       articles.headline <> original.headline AS headline_rewritten,
       articles.headline, articles.canonical_url
FROM clusters
JOIN articles USING (article_id)
JOIN articles AS original ON original.article_id = clusters.representative_id
WINDOW publication AS (PARTITION BY clusters.representative_id ORDER BY articles.date_published NULLS LAST);
COMMENT ON VIEW syndication IS 'Who had a text first, who followed how much later, and what each changed. Compared with the representative: kind, added, cut, headline_rewritten.';

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
