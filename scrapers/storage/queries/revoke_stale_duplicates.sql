-- Take back decisions on claimed articles that no longer hold: an address or a text has changed since, or the pair was
-- refused now. Returns whom they joined.
UPDATE duplicates
SET revoked_at = now(), revoked_by = 'dedup'
FROM signatures AS copy, signatures AS original
WHERE duplicates.ctid = ANY (ARRAY(  -- found by either index, whatever the planner thinks of how many stand
      SELECT ctid FROM duplicates WHERE revoked_at IS NULL AND article_id = ANY (%(article_ids)s)
      UNION
      SELECT ctid FROM duplicates WHERE revoked_at IS NULL AND duplicate_of = ANY (%(article_ids)s)))
  AND copy.article_id = duplicates.article_id AND original.article_id = duplicates.duplicate_of
  AND duplicates.revoked_at IS NULL
  AND CASE layer
      WHEN 'canonical_url' THEN copy.url_key <> original.url_key
      WHEN 'outlet_id' THEN copy.outlet_id IS DISTINCT FROM original.outlet_id
      WHEN 'exact_content' THEN copy.body IS DISTINCT FROM original.body
      WHEN 'near_duplicate' THEN
          (evidence ->> 'algorithm', evidence -> 'revisions')
              <> (copy.algorithm::text, jsonb_build_array(copy.revision, original.revision))
          OR (least(duplicates.article_id, duplicate_of), greatest(duplicates.article_id, duplicate_of)) IN (
              SELECT least(a, b), greatest(a, b) FROM unnest(%(refused)b::bigint[], %(others)b::bigint[]) AS refused (a, b))
      ELSE false
  END
RETURNING duplicates.article_id, duplicates.duplicate_of;
