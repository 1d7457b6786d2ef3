-- The days of an outlet are read from the pages that were discovered in them and since, without all others.
CREATE INDEX pages_discovered_at_idx ON pages USING brin (discovered_at) WITH (autosummarize = on);
COMMENT ON INDEX pages_discovered_at_idx IS 'What was discovered since a day, for coverage. BRIN: pages are stored in the order of their discovery, so it takes next to nothing.';
