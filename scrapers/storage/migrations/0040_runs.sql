-- Runs: who asked, what for, how it ended.
CREATE TABLE runs (
    run_id        uuid PRIMARY KEY,
    outlet        text NOT NULL,
    kind          text NOT NULL CHECK (kind IN ('crawl', 'ingest', 'quarantine')),
    requested_by  text NOT NULL,
    arguments     jsonb NOT NULL DEFAULT '{}',
    started_at    timestamptz NOT NULL DEFAULT now(),
    finished_at   timestamptz,
    outcome       text NOT NULL DEFAULT 'running'
                  CHECK (outcome IN ('running', 'succeeded', 'failed', 'stopped', 'interrupted')),
    reason        text,
    discovered    integer NOT NULL DEFAULT 0,
    CHECK ((outcome = 'running') = (finished_at IS NULL))
);
CREATE INDEX ON runs (outlet, started_at DESC);

COMMENT ON TABLE runs IS 'One row a crawl or an ingest.';
COMMENT ON COLUMN runs.run_id IS 'Chosen by who starts the run; an Airflow task derives it from its try.';
COMMENT ON COLUMN runs.outlet IS 'The outlet''s name: the spider, the Dag crawl_<outlet>, the fixture folder.';
COMMENT ON COLUMN runs.kind IS 'crawl: from the web; ingest: from text documents; quarantine: pages replayed or dropped by `warta quarantine`.';
COMMENT ON COLUMN runs.requested_by IS 'Who asked: cli, or airflow:<dag>/<dag run>.';
COMMENT ON COLUMN runs.arguments IS 'What was asked for: limit, since, until, urls, full.';
COMMENT ON COLUMN runs.started_at IS 'When the run began, by the database''s clock.';
COMMENT ON COLUMN runs.finished_at IS 'When it ended; null while it runs.';
COMMENT ON COLUMN runs.outcome IS 'running, succeeded, failed (see reason), stopped (by a signal), interrupted (killed; found dead by a later run).';
COMMENT ON COLUMN runs.reason IS 'Why it did not succeed, in one line.';
COMMENT ON COLUMN runs.discovered IS 'Pages that this run discovered or leased, counted where that was done; view run_balance compares it with the ledger.';

COMMENT ON TABLE migrations IS 'Which numbered SQL files were applied to this database.';
COMMENT ON COLUMN migrations.name IS 'The file.';
COMMENT ON COLUMN migrations.sha256 IS 'Its checksum when it was applied; it must never change.';
COMMENT ON COLUMN migrations.applied_at IS 'When that was.';
