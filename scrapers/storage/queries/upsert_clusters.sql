INSERT INTO clusters AS cluster (article_id, representative_id, kind, added, cut)
SELECT * FROM unnest(%(article_ids)s::bigint[], %(representative_ids)s::bigint[], %(kinds)s::text[],
                     %(added)s::real[], %(cut)s::real[])
ON CONFLICT (article_id) DO UPDATE
SET representative_id = excluded.representative_id, kind = excluded.kind, added = excluded.added, cut = excluded.cut
WHERE (cluster.representative_id, cluster.kind, cluster.added, cluster.cut)
      IS DISTINCT FROM (excluded.representative_id, excluded.kind, excluded.added, excluded.cut);
