-- Pairs that were judged to be near-duplicates, where both are still as they were judged. A decision that a person took
-- back is not made again.
INSERT INTO duplicates (article_id, duplicate_of, layer, score, evidence)
SELECT judged.copy, judged.original, 'near_duplicate', judged.score, judged.evidence::jsonb
FROM unnest(%(copies)s::bigint[], %(originals)s::bigint[], %(copy_revisions)s::integer[],
            %(original_revisions)s::integer[], %(scores)s::real[], %(evidence)b::text[])
     AS judged (copy, original, copy_revision, original_revision, score, evidence)
JOIN signatures AS a ON (a.article_id, a.revision, a.algorithm) = (judged.copy, judged.copy_revision, %(algorithm)s)
JOIN signatures AS b
     ON (b.article_id, b.revision, b.algorithm) = (judged.original, judged.original_revision, %(algorithm)s)
WHERE NOT EXISTS (  -- OFFSET 0: looked up for each pair, whatever the planner thinks of how many stand
    SELECT FROM duplicates AS standing
    WHERE (standing.article_id, standing.duplicate_of, layer) = (judged.copy, judged.original, 'near_duplicate')
      AND revoked_at IS NULL OFFSET 0)
  AND NOT EXISTS (
    SELECT FROM duplicates AS standing
    WHERE (standing.article_id, standing.duplicate_of, layer) = (judged.original, judged.copy, 'near_duplicate')
      AND revoked_at IS NULL OFFSET 0)
  AND NOT EXISTS (
    SELECT FROM duplicates AS taken_back
    WHERE (taken_back.article_id, taken_back.duplicate_of)
          IN ((judged.copy, judged.original), (judged.original, judged.copy))
      AND revoked_at IS NOT NULL AND revoked_by <> 'dedup' OFFSET 0)
ON CONFLICT DO NOTHING
RETURNING article_id, duplicate_of;
