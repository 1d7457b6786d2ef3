-- Take back decisions that no longer hold because an article has changed since.
UPDATE duplicates
SET revoked_at = now(), revoked_by = 'dedup'
FROM articles AS copy, articles AS original
WHERE copy.article_id = duplicates.article_id AND original.article_id = duplicates.duplicate_of
  AND duplicates.revoked_at IS NULL
  AND (layer = 'canonical_url' AND copy.url_key <> original.url_key
       OR layer = 'exact_content' AND copy.body_sha256 <> original.body_sha256);
