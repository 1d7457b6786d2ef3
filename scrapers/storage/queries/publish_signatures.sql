-- Show the signatures to all workers; return the articles whose signature is new. An older revision never takes the place
-- of a newer one.
INSERT INTO signatures AS stored (article_id, revision, algorithm, published, words, syndicated, url_key, outlet_id, body, keys, signature)
SELECT article_id, revision, %(algorithm)s, published, words, syndicated, url_key, outlet_id, body, (%(keys)b::bigint[])[first:last], signature
FROM unnest(%(article_ids)s::bigint[], %(revision)s::integer[], %(published)s::timestamptz[], %(words)s::integer[], %(syndicated)s::boolean[], %(url_key)s::bigint[],
            %(outlet_id)s::bigint[], %(body)s::bigint[], %(firsts)s::integer[], %(lasts)s::integer[], %(signature)b::bytea[])
     AS signed (article_id, revision, published, words, syndicated, url_key, outlet_id, body, first, last, signature)
ON CONFLICT (article_id) DO UPDATE
SET revision = excluded.revision, algorithm = excluded.algorithm, published = excluded.published, words = excluded.words,
    syndicated = excluded.syndicated, url_key = excluded.url_key,
    outlet_id = excluded.outlet_id, body = excluded.body, keys = excluded.keys, signature = excluded.signature
WHERE stored.revision <= excluded.revision
  AND (stored.revision, stored.algorithm, stored.published, stored.syndicated, stored.url_key, stored.outlet_id, stored.body, stored.keys)
      IS DISTINCT FROM (excluded.revision, excluded.algorithm, excluded.published, excluded.syndicated, excluded.url_key, excluded.outlet_id,
                        excluded.body, excluded.keys)
RETURNING article_id;
