-- Articles with the same normalised body: each is a duplicate of the first published. Bodies of a few words are left
-- alone, they are captions and notices that recur. A decision that a person took back is not made again.
WITH same AS (
    SELECT article_id, body_sha256, body_words,
           first_value(article_id) OVER (PARTITION BY body_sha256
                                         ORDER BY date_published NULLS LAST, first_seen_at, article_id) AS original_id
    FROM articles
    WHERE body_words >= %(fewest_words)s
      AND body_sha256 IN (SELECT body_sha256 FROM articles GROUP BY body_sha256 HAVING count(*) > 1)
)
INSERT INTO duplicates (article_id, duplicate_of, layer, score, evidence)
SELECT article_id, original_id, 'exact_content', 1,
       jsonb_build_object('body_sha256', encode(body_sha256, 'hex'), 'words', body_words)
FROM same
WHERE article_id <> original_id
  AND NOT EXISTS (
      SELECT FROM duplicates AS earlier
      WHERE (earlier.article_id, earlier.duplicate_of) IN ((same.article_id, original_id), (original_id, same.article_id))
        AND (earlier.revoked_at IS NULL AND earlier.layer = 'exact_content' OR earlier.revoked_by <> 'dedup'))
ON CONFLICT DO NOTHING;
