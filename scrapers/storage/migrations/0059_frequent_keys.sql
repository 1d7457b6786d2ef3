-- Tables and columns of the key index go by the names that the code and the literature have.
ALTER TABLE hot_keys RENAME TO frequent_keys;
ALTER TABLE frequent_keys RENAME COLUMN filled TO is_backfilled;
ALTER TABLE frequent_keys RENAME CONSTRAINT hot_keys_pkey TO frequent_keys_pkey;
ALTER TABLE hot_key_articles RENAME TO frequent_key_articles;
ALTER TABLE frequent_key_articles RENAME CONSTRAINT hot_key_articles_pkey TO frequent_key_articles_pkey;
ALTER TABLE key_segments RENAME COLUMN firsts TO fence_keys;

COMMENT ON COLUMN signatures.keys IS 'Bottom-k sketch keys: two articles that share one are a candidate pair.';
COMMENT ON COLUMN key_segments.fence_keys IS 'The first key of each of its blocks, eight bytes each, the highest byte first.';
COMMENT ON TABLE frequent_keys IS 'Sketch keys that so many articles have that each is only compared with those nearest in length.';
COMMENT ON COLUMN frequent_keys.key IS 'The key.';
COMMENT ON COLUMN frequent_keys.since IS 'When it became frequent; it stays so.';
COMMENT ON COLUMN frequent_keys.is_backfilled IS 'Whether frequent_key_articles has all articles that had the key before it was frequent; false where a worker was killed before.';
COMMENT ON TABLE frequent_key_articles IS 'The articles of each frequent key, by their length.';
COMMENT ON COLUMN frequent_key_articles.key IS 'The frequent key.';
COMMENT ON COLUMN frequent_key_articles.words IS 'Words of the article''s body: copies are about as long, whenever they were published.';
COMMENT ON COLUMN frequent_key_articles.article_id IS 'The article.';
COMMENT ON COLUMN feeds.poll_interval IS 'How long it is not polled: halved by each poll that finds something, half as long again after each that does not.';
COMMENT ON COLUMN announcements.first_seen_at IS 'When the feed first announced it so.';
COMMENT ON COLUMN announcements.last_seen_at IS 'When the feed last announced it so, to the hour.';
COMMENT ON COLUMN splits.decided_by IS 'Who decided it.';
COMMENT ON VIEW ledger_faults IS 'Rules of the ledger that are broken. Empty, or something was lost, doubled or left unexplained.';
