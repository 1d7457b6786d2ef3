-- Indexes that no query uses.
DROP INDEX articles_body_sha256_idx, articles_date_published_idx, articles_first_seen_at_idx;
COMMENT ON COLUMN articles.url_key IS 'What all forms of canonical_url have in common: no scheme, no www. or m., no slash at the end.';
COMMENT ON COLUMN signatures.algorithm IS 'Version of scrapers/dedup/text/signatures.py; only signatures of one version are compared.';
COMMENT ON COLUMN key_segments.filter IS 'Of a large one, a Bloom filter of its keys (scrapers/dedup/key_index/bloom_filter.py).';
COMMENT ON COLUMN refusals.algorithm IS 'Version of scrapers/dedup/text/signatures.py by which it was judged.';
COMMENT ON TABLE key_segments IS 'Sorted segments of sketch keys and their articles, a log-structured merge-tree: each is written once, and merged with others into a larger one.';
