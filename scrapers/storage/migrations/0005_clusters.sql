-- Duplicates: each decision kept with its reason, and reversible; clusters are what the standing decisions give.
CREATE TABLE duplicates (
    duplicate_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    article_id     bigint NOT NULL REFERENCES articles,
    duplicate_of   bigint NOT NULL REFERENCES articles,
    layer          text NOT NULL CHECK (layer IN ('canonical_url', 'exact_content', 'near_duplicate', 'person')),
    score          real NOT NULL CHECK (score BETWEEN 0 AND 1),
    evidence       jsonb NOT NULL,
    decided_at     timestamptz NOT NULL DEFAULT now(),
    revoked_at     timestamptz,
    revoked_by     text,
    CHECK (article_id <> duplicate_of),
    CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
CREATE UNIQUE INDEX duplicates_standing_key ON duplicates (article_id, duplicate_of, layer) WHERE revoked_at IS NULL;
CREATE INDEX ON duplicates (duplicate_of);

COMMENT ON TABLE duplicates IS 'Decisions that one article is a duplicate of another.';
COMMENT ON COLUMN duplicates.duplicate_id IS 'Key.';
COMMENT ON COLUMN duplicates.article_id IS 'The copy.';
COMMENT ON COLUMN duplicates.duplicate_of IS 'What it is a copy of.';
COMMENT ON COLUMN duplicates.layer IS 'How it was found: canonical_url, exact_content, near_duplicate, or a person.';
COMMENT ON COLUMN duplicates.score IS 'From 0 to 1; 1 for what is certain by definition.';
COMMENT ON COLUMN duplicates.evidence IS 'What the decision rests on.';
COMMENT ON COLUMN duplicates.decided_at IS 'When it was made.';
COMMENT ON COLUMN duplicates.revoked_at IS 'When it was taken back; null while it stands.';
COMMENT ON COLUMN duplicates.revoked_by IS 'Who took it back: dedup (the content has changed) or a person.';

CREATE TABLE clusters (
    article_id         bigint PRIMARY KEY REFERENCES articles,
    representative_id  bigint NOT NULL REFERENCES articles
);
CREATE INDEX ON clusters (representative_id);

COMMENT ON TABLE clusters IS 'Which articles are one, by the standing decisions; an article without duplicates has no row.';
COMMENT ON COLUMN clusters.article_id IS 'A member; the representative is one too.';
COMMENT ON COLUMN clusters.representative_id IS 'The member that stands for all: the first published, then the first seen.';
