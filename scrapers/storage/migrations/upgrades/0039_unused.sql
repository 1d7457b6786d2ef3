-- Indexes that no query uses.
DROP INDEX articles_body_sha256_idx, articles_date_published_idx, articles_first_seen_at_idx;
COMMENT ON COLUMN articles.url_key IS 'What all forms of canonical_url have in common: no scheme, no www. or m., no slash at the end.';
COMMENT ON TABLE key_segments IS 'Sorted segments of sketch keys and their articles, a log-structured merge-tree: each is written once, and merged with others into a larger one.';
