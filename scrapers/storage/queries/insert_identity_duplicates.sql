-- Articles with the same address, the same id of their outlet, or the same text as a claimed one: each is a duplicate of
-- the one that was stored first. A decision that a person took back is not made again.
WITH looked_at AS (
    SELECT url_key, outlet_id, body FROM signatures WHERE article_id = ANY (%(article_ids)s)
), same AS (
    SELECT DISTINCT 'canonical_url' AS layer, member.article_id, member.url_key AS value
    FROM looked_at JOIN signatures AS member USING (url_key)
    UNION
    SELECT DISTINCT 'outlet_id', member.article_id, member.outlet_id
    FROM looked_at JOIN signatures AS member USING (outlet_id)
    UNION
    SELECT DISTINCT 'exact_content', member.article_id, member.body
    FROM looked_at JOIN signatures AS member USING (body)
), decided AS (
    SELECT layer, article_id, min(article_id) OVER (PARTITION BY layer, value) AS original_id
    FROM same
)
INSERT INTO duplicates (article_id, duplicate_of, layer, score, evidence)
SELECT decided.article_id, original_id, layer, 1,
       CASE layer
           WHEN 'canonical_url' THEN jsonb_build_object('url', copy.canonical_url, 'same_as', original.canonical_url)
           WHEN 'outlet_id' THEN jsonb_build_object('url', copy.canonical_url, 'same_as', original.canonical_url)
           ELSE jsonb_build_object('body_sha256', encode(copy.body_sha256, 'hex'), 'words', copy.body_words)
       END
FROM decided
JOIN articles AS copy ON copy.article_id = decided.article_id
JOIN articles AS original ON original.article_id = original_id
WHERE decided.article_id <> original_id
  AND NOT EXISTS (
      SELECT FROM duplicates AS earlier
      WHERE (earlier.article_id, earlier.duplicate_of, earlier.layer)
            IN ((decided.article_id, original_id, decided.layer), (original_id, decided.article_id, decided.layer))
        AND revoked_at IS NULL OFFSET 0)
  AND NOT EXISTS (
      SELECT FROM duplicates AS taken_back
      WHERE (taken_back.article_id, taken_back.duplicate_of)
            IN ((decided.article_id, original_id), (original_id, decided.article_id))
        AND revoked_at IS NOT NULL AND revoked_by <> 'dedup' OFFSET 0)
ON CONFLICT DO NOTHING
RETURNING article_id, duplicate_of, layer;
