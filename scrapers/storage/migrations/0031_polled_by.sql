-- Crawls of one outlet that run at once share its feeds as they share its pages.
ALTER TABLE feeds ADD COLUMN polled_by uuid REFERENCES runs ON DELETE SET NULL;
CREATE INDEX ON feeds (polled_by) WHERE polled_by IS NOT NULL;
COMMENT ON COLUMN feeds.polled_by IS 'The run that has asked for it and not yet stored what it answered; nothing where that run has ended.';
