-- What has to go, and must not come back.
CREATE TABLE takedowns (
    takedown_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    outlet         text,
    url            text NOT NULL,
    identifier     text,
    reason         text NOT NULL,
    requested_by   text NOT NULL,
    taken_down_at  timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE takedowns IS 'Articles whose text was removed for good, and is not stored again. The row keeps who asked for it, when and why, and none of the text.';
COMMENT ON COLUMN takedowns.takedown_id IS 'Key.';
COMMENT ON COLUMN takedowns.outlet IS 'The outlet; null for an address that the ledger did not have.';
COMMENT ON COLUMN takedowns.url IS 'The article''s canonical address, or the address that was given.';
COMMENT ON COLUMN takedowns.identifier IS 'The outlet''s own identifier of the article: under another address it is known by it.';
COMMENT ON COLUMN takedowns.reason IS 'Why.';
COMMENT ON COLUMN takedowns.requested_by IS 'Who asked for it.';
COMMENT ON COLUMN takedowns.taken_down_at IS 'When.';
CREATE UNIQUE INDEX takedowns_identifier_key ON takedowns (outlet, identifier) WHERE identifier IS NOT NULL;

CREATE TABLE takedown_addresses (
    url_sha256   bytea PRIMARY KEY,
    takedown_id  bigint NOT NULL REFERENCES takedowns,
    url          text NOT NULL
);
COMMENT ON TABLE takedown_addresses IS 'The addresses under which an article that was taken down was known, and what they have in common (`url_key`).';
COMMENT ON COLUMN takedown_addresses.url_sha256 IS 'SHA-256 of the address.';
COMMENT ON COLUMN takedown_addresses.takedown_id IS 'The takedown.';
COMMENT ON COLUMN takedown_addresses.url IS 'The address, or its key.';
CREATE INDEX ON takedown_addresses (takedown_id);

-- the log of requests stays, what they brought may go
DROP TRIGGER append_only ON fetches;
CREATE TRIGGER append_only
BEFORE UPDATE OF run_id, page_id, feed_id, url, requested_at, seconds, status, bytes, content_type, robots, outcome, error, opt_outs
ON fetches FOR EACH ROW EXECUTE FUNCTION forbid_change();
