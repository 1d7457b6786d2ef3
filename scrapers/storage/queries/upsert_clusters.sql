INSERT INTO clusters AS cluster (article_id, representative_id)
SELECT * FROM unnest(%(article_ids)s::bigint[], %(representative_ids)s::bigint[])
ON CONFLICT (article_id) DO UPDATE
SET representative_id = excluded.representative_id
WHERE cluster.representative_id <> excluded.representative_id;
