-- Whether the articles that had a key before it was hot are entered under it: they need not be looked for again.
ALTER TABLE hot_keys ADD COLUMN filled boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN hot_keys.filled IS 'Whether all articles that had the key before it was hot are among those of hot_key_articles; false where a worker was killed before.';
