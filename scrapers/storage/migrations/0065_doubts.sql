-- Pairs of articles that somebody should look at are found without reading all decisions.
CREATE INDEX duplicates_in_doubt_idx ON duplicates (score, duplicate_id)
    WHERE revoked_at IS NULL AND layer = 'near_duplicate' AND score < 0.8;
COMMENT ON INDEX duplicates_in_doubt_idx IS 'Near-duplicates that were joined with the least certainty, for the page Copies.';

CREATE INDEX refusals_in_doubt_idx ON refusals (article_id DESC) WHERE true = ANY (differs);
COMMENT ON INDEX refusals_in_doubt_idx IS 'Articles that were kept apart from others with the same text about other facts, for the page Copies.';
