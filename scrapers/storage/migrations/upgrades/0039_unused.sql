-- Indexes that no query uses, and a column that nothing reads: dedup keeps the key of an address with the signature.
DROP INDEX articles_body_sha256_idx, articles_date_published_idx, articles_first_seen_at_idx;
ALTER TABLE articles DROP COLUMN url_key;
