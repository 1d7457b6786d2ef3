-- Whom a standing decision joins is looked for from either side: without this the other index was read as a whole.
CREATE INDEX duplicates_standing_originals_idx ON duplicates (duplicate_of, article_id) WHERE revoked_at IS NULL;
