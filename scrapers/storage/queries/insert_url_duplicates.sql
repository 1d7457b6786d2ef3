-- Articles whose canonical URLs differ only in scheme, www., m. or the slash at the end: each is a duplicate of the
-- first. A decision that a person took back is not made again.
WITH same AS (
    SELECT article_id, url_key,
           first_value(article_id) OVER (PARTITION BY url_key ORDER BY date_published NULLS LAST, first_seen_at, article_id)
               AS original_id
    FROM articles
    WHERE md5(url_key) IN (SELECT md5(url_key) FROM articles GROUP BY md5(url_key) HAVING count(*) > 1)
)
INSERT INTO duplicates (article_id, duplicate_of, layer, score, evidence)
SELECT article_id, original_id, 'canonical_url', 1, jsonb_build_object('url_key', url_key)
FROM same
WHERE article_id <> original_id
  AND NOT EXISTS (
      SELECT FROM duplicates AS earlier
      WHERE (earlier.article_id, earlier.duplicate_of) IN ((same.article_id, original_id), (original_id, same.article_id))
        AND (earlier.revoked_at IS NULL AND earlier.layer = 'canonical_url' OR earlier.revoked_by <> 'dedup'))
ON CONFLICT DO NOTHING;
