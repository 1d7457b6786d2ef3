-- Decisions of deduplication: pairs that are one article, and pairs that are not.

-- name: insert_identity_duplicates
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

-- name: insert_near_duplicates
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

-- name: near_partners
-- Claimed articles and those that stand as near-duplicates of them: they are judged again together.
SELECT article_id, duplicate_of FROM duplicates
WHERE revoked_at IS NULL AND layer = 'near_duplicate' AND article_id = ANY (%(article_ids)s)
UNION
SELECT duplicate_of, article_id FROM duplicates
WHERE revoked_at IS NULL AND layer = 'near_duplicate' AND duplicate_of = ANY (%(article_ids)s);

-- name: near_evidence
-- What copies that stand as near-duplicates are to their originals, and how much of each is in the other.
SELECT copy, original, evidence ->> 'kind', (evidence ->> 'a_in_b')::float8, (evidence ->> 'b_in_a')::float8
FROM unnest(%(copies)s::bigint[], %(originals)s::bigint[]) AS pair (copy, original)
CROSS JOIN LATERAL (  -- one at a time, whatever the planner thinks of how many stand
    SELECT evidence FROM duplicates
    WHERE (article_id, duplicate_of, layer) = (copy, original, 'near_duplicate') AND revoked_at IS NULL
    LIMIT 1
) AS decision;

-- name: revoke_stale_duplicates
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

-- name: refusals_of
-- Who was found to be different from the given articles when these were looked at, as of which revisions.
SELECT article_id, revision, algorithm, others, revisions, differs
FROM refusals
WHERE article_id = ANY (%(article_ids)s);

-- name: delete_refusals
-- Forget who is different from the given articles; insert_refusals writes it anew.
DELETE FROM refusals WHERE article_id = ANY (%(article_ids)s);

-- name: insert_refusals
-- Who is different from each article, where that is still as it was judged.
INSERT INTO refusals (article_id, revision, algorithm, others, revisions, differs)
SELECT article_id, judged.revision, %(algorithm)s, (%(keys)b::bigint[])[first:last], (%(revisions)b::integer[])[first:last], (%(differs)b::boolean[])[first:last]
FROM unnest(%(article_ids)s::bigint[], %(revision)s::integer[], %(firsts)s::integer[], %(lasts)s::integer[])
     AS judged (article_id, revision, first, last)
JOIN signatures USING (article_id)
WHERE (signatures.revision, signatures.algorithm) = (judged.revision, %(algorithm)s);

-- name: delete_stale_containments
-- Forget what the given articles contain, or who contains them, where one of the two has changed since.
DELETE FROM containments
WHERE (article_id = ANY (%(article_ids)s) OR contained_id = ANY (%(article_ids)s))
  AND NOT EXISTS (
    SELECT FROM signatures AS article, signatures AS contained
    WHERE (article.article_id, article.revision) = (containments.article_id, containments.revision)
      AND (contained.article_id, contained.revision) = (contained_id, contained_revision));

-- name: upsert_containments
-- Which articles have the text of another in them.
INSERT INTO containments AS stored (article_id, contained_id, share, share_of_article, revision, contained_revision)
SELECT * FROM unnest(%(article_ids)s::bigint[], %(contained_ids)s::bigint[], %(shares)s::real[],
                     %(shares_of_article)s::real[], %(revisions)s::integer[], %(contained_revisions)s::integer[])
ON CONFLICT (article_id, contained_id) DO UPDATE
SET share = excluded.share, share_of_article = excluded.share_of_article,
    revision = excluded.revision, contained_revision = excluded.contained_revision;
