-- Clusters: articles that decisions join, and which one stands for them.

-- name: cluster_component
-- All articles that standing decisions join with the given ones, directly or by others, and with the clusters of these.
WITH RECURSIVE reached (article_id) AS (
    SELECT member.article_id
    FROM clusters AS mine JOIN clusters AS member USING (representative_id)
    WHERE mine.article_id = ANY (%(article_ids)s)
    UNION
    SELECT unnest(%(article_ids)s::bigint[])
    UNION
    SELECT next.article_id
    FROM reached
    CROSS JOIN LATERAL (
        SELECT duplicate_of FROM duplicates WHERE article_id = reached.article_id AND revoked_at IS NULL
        UNION ALL
        SELECT article_id FROM duplicates WHERE duplicate_of = reached.article_id AND revoked_at IS NULL
    ) AS next (article_id)
)
SELECT reached.article_id, revision, words, published, syndicated, url_key, outlet_id, body
FROM reached
CROSS JOIN LATERAL (SELECT * FROM signatures WHERE signatures.article_id = reached.article_id LIMIT 1) AS signed
ORDER BY reached.article_id;

-- name: component_decisions
-- What joins the given articles (true), and what people keep apart (false).
SELECT article_id, duplicate_of, layer, score, true AS joined FROM duplicates
WHERE article_id = ANY (%(article_ids)s) AND duplicate_of = ANY (%(article_ids)s) AND revoked_at IS NULL
UNION ALL
SELECT a, b, 'person', 1, false FROM splits
WHERE a = ANY (%(article_ids)s) AND b = ANY (%(article_ids)s)
UNION ALL
SELECT article_id, duplicate_of, 'person', 1, false FROM duplicates
WHERE article_id = ANY (%(article_ids)s) AND duplicate_of = ANY (%(article_ids)s)
  AND revoked_at IS NOT NULL AND revoked_by <> 'dedup';

-- name: upsert_clusters
-- Say which article stands for each; what is as it was is left alone.
INSERT INTO clusters AS cluster (article_id, representative_id, kind, added, cut)
SELECT * FROM unnest(%(article_ids)s::bigint[], %(representative_ids)s::bigint[], %(kinds)s::text[],
                     %(added)s::real[], %(cut)s::real[])
ON CONFLICT (article_id) DO UPDATE
SET representative_id = excluded.representative_id, kind = excluded.kind, added = excluded.added, cut = excluded.cut
WHERE (cluster.representative_id, cluster.kind, cluster.added, cluster.cut)
      IS DISTINCT FROM (excluded.representative_id, excluded.kind, excluded.added, excluded.cut);

-- name: delete_clusters
-- Take the given articles out of their clusters, but those that are in one still.
DELETE FROM clusters WHERE article_id = ANY (%(article_ids)s) AND NOT article_id = ANY (%(kept)s);
