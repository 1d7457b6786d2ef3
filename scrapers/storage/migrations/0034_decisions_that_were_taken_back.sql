-- What stands is found by other indexes; this one has only what was taken back, of which there is little.
CREATE INDEX duplicates_taken_back_idx ON duplicates (article_id, duplicate_of) WHERE revoked_at IS NOT NULL;
DROP INDEX duplicates_duplicate_of_idx;
