-- Raw pages of an outlet repeat each other: each is compressed with some earlier ones as its dictionary.
CREATE TABLE dictionaries (
    sha256      bytea PRIMARY KEY,
    outlet      text NOT NULL,
    version     integer NOT NULL,
    pages       bytea[] NOT NULL,
    body        bytea NOT NULL,
    bytes       integer NOT NULL,
    ratio       real NOT NULL,
    made_at     timestamptz NOT NULL DEFAULT now(),
    retired_at  timestamptz,
    UNIQUE (outlet, version)
);
ALTER TABLE dictionaries ALTER COLUMN body SET STORAGE EXTERNAL;  -- compressed already
CREATE TRIGGER append_only BEFORE UPDATE OF sha256, outlet, version, pages, body, bytes, ratio, made_at ON dictionaries
FOR EACH ROW EXECUTE FUNCTION forbid_change();
COMMENT ON TABLE dictionaries IS 'What snapshots of an outlet are compressed with: some of its pages, one after the other. A new version is made where pages have changed.';
COMMENT ON COLUMN dictionaries.sha256 IS 'SHA-256 of the dictionary as it was before compression.';
COMMENT ON COLUMN dictionaries.outlet IS 'The outlet whose pages it is made of.';
COMMENT ON COLUMN dictionaries.version IS '1 for the outlet''s first; the highest is used for new snapshots.';
COMMENT ON COLUMN dictionaries.pages IS 'The snapshots that it is made of, in order.';
COMMENT ON COLUMN dictionaries.body IS 'The dictionary (zstd calls it a raw-content dictionary), itself compressed with zstd.';
COMMENT ON COLUMN dictionaries.bytes IS 'Its length before compression.';
COMMENT ON COLUMN dictionaries.ratio IS 'Stored bytes by bytes of the pages that it was tried on.';
COMMENT ON COLUMN dictionaries.made_at IS 'When it was made.';
COMMENT ON COLUMN dictionaries.retired_at IS 'Since when it is not to be used, as one of its pages was taken down; it is deleted once no snapshot needs it.';

DROP TRIGGER append_only ON snapshots;
ALTER TABLE snapshots
    ADD COLUMN outlet text,
    ADD COLUMN dictionary_sha256 bytea REFERENCES dictionaries,
    ADD COLUMN level smallint NOT NULL DEFAULT 3,
    ADD COLUMN place text,
    ALTER COLUMN body DROP NOT NULL,
    ADD CHECK ((body IS NULL) = (place IS NOT NULL));
UPDATE snapshots SET outlet = pages.outlet
FROM fetches JOIN pages USING (page_id)
WHERE fetches.snapshot_sha256 = snapshots.sha256;
CREATE TRIGGER append_only BEFORE UPDATE OF sha256, bytes, first_seen_at ON snapshots
FOR EACH ROW EXECUTE FUNCTION forbid_change();
CREATE INDEX ON snapshots (outlet, first_seen_at);
CREATE INDEX snapshots_to_pack_idx ON snapshots (outlet, first_seen_at) WHERE level < 9;
CREATE INDEX ON snapshots (dictionary_sha256) WHERE dictionary_sha256 IS NOT NULL;
COMMENT ON COLUMN snapshots.body IS 'The body, compressed with zstd; null where `place` says where it is.';
COMMENT ON COLUMN snapshots.outlet IS 'The outlet that it was first fetched for.';
COMMENT ON COLUMN snapshots.dictionary_sha256 IS 'The dictionary that it is compressed with; null without one.';
COMMENT ON COLUMN snapshots.level IS 'zstd''s compression level: 3 as it was stored, 9 once upkeep has compressed it again.';
COMMENT ON COLUMN snapshots.place IS 'Name of the compressed body in the store that WARTA_SNAPSHOTS names; null where `body` has it.';
COMMENT ON INDEX snapshots_to_pack_idx IS 'What upkeep has to compress again, by outlet, the oldest first.';
