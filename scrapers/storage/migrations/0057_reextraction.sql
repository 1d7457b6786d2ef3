-- Runs that read stored pages again.
ALTER TABLE runs
    DROP CONSTRAINT runs_kind_check,
    ADD CONSTRAINT runs_kind_check CHECK (kind IN ('crawl', 'ingest', 'quarantine', 'reextract')),
    ADD COLUMN progress bigint;
COMMENT ON COLUMN runs.kind IS 'crawl: from the web; ingest: from documents; quarantine: pages replayed or dropped by `warta quarantine`; reextract: stored pages read again by `warta reextract`.';
COMMENT ON COLUMN runs.progress IS 'Of a reextraction, the last article that is done, in the order of article_id; the next run with the same arguments goes on after it.';
