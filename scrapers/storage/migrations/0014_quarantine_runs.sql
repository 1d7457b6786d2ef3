-- What somebody does to quarantined pages is a run too, so that the ledger tells who changed them.
ALTER TABLE runs
    DROP CONSTRAINT runs_kind_check,
    ADD CHECK (kind IN ('crawl', 'ingest', 'quarantine'));

COMMENT ON COLUMN runs.kind IS 'crawl: from the web; ingest: from text documents; quarantine: pages replayed or dropped by `warta quarantine`.';
