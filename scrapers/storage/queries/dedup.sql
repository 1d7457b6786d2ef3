-- The queue of deduplication, and the signatures of articles.

-- name: queue_all_for_dedup
-- Let all articles wait for deduplication.
INSERT INTO dedup_queue (article_id) SELECT article_id FROM articles ORDER BY article_id;

-- name: nothing_waits_for_dedup
-- Whether no article waits that another worker has not claimed, neither for this nor for a story.
SELECT count(*) = 0 AND NOT EXISTS (SELECT FROM story_queue) FROM (SELECT FROM dedup_queue LIMIT 1 FOR UPDATE SKIP LOCKED) AS waiting;

-- name: claim_for_dedup
-- Take waiting articles: they are gone when the transaction commits, and wait again when it does not.
DELETE FROM dedup_queue
WHERE queue_id IN (
    SELECT queue_id FROM dedup_queue ORDER BY queue_id LIMIT %(articles)s FOR UPDATE SKIP LOCKED)
RETURNING article_id;

-- name: articles_to_sign
-- Claimed articles as they are now.
SELECT article_id, outlet, canonical_url, headline, article_body, identifier, date_published, revision,
       kind, is_paywalled, is_truncated
FROM articles
WHERE article_id = ANY (%(article_ids)s)
ORDER BY article_id;

-- name: publish_signatures
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

-- name: find_signatures
-- Signatures of the given articles, of the present algorithm alone.
SELECT article_id, revision, published, body, keys, signature
FROM signatures
WHERE article_id = ANY (%(article_ids)s) AND algorithm = %(algorithm)s;

-- name: outlets_to_learn
-- Outlets with waiting articles whose recurring sentences were looked for a week ago, or of which as many articles came
-- since then as there were.
SELECT outlet FROM (
    SELECT DISTINCT outlet FROM dedup_queue JOIN articles USING (article_id)
) AS waiting
LEFT JOIN recurring_sentences USING (outlet)
WHERE learnt_at IS NULL OR learnt_at < now() - interval '7 days'
   OR recurring_sentences.articles <= (
       SELECT count(*) FROM (
           SELECT FROM articles WHERE articles.outlet = waiting.outlet AND first_seen_at > learnt_at LIMIT %(newest)s
       ) AS counted)
ORDER BY outlet;

-- name: articles_to_learn_from
-- How many of an outlet's newest articles there are, and so many of them, evenly spread.
SELECT articles, headline, article_body FROM (
    SELECT headline, article_body, count(*) OVER () AS articles, row_number() OVER (ORDER BY first_seen_at DESC, article_id DESC) AS number
    FROM (
        SELECT * FROM articles WHERE outlet = %(outlet)s ORDER BY first_seen_at DESC, article_id DESC LIMIT %(newest)s
    ) AS newest
) AS numbered
WHERE number %% ((articles + %(sample)s - 1) / %(sample)s) = 0;

-- name: upsert_recurring_sentences
-- Keep what was learnt about an outlet.
INSERT INTO recurring_sentences (outlet, sentences, articles)
VALUES (%(outlet)s, %(sentences)s::bigint[], %(articles)s)
ON CONFLICT (outlet) DO UPDATE SET sentences = excluded.sentences, articles = excluded.articles, learnt_at = now();

-- name: newest_signed_articles
-- Those of an outlet's newest articles that are signed.
SELECT article_id, headline, article_body
FROM (SELECT * FROM articles WHERE outlet = %(outlet)s ORDER BY first_seen_at DESC, article_id DESC LIMIT %(newest)s) AS newest
WHERE EXISTS (SELECT FROM signatures WHERE signatures.article_id = newest.article_id);

-- name: recurring_sentences_of
-- What was learnt about outlets.
SELECT outlet, sentences FROM recurring_sentences WHERE outlet = ANY (%(outlets)s);

-- name: queue_again_for_dedup
-- Let the articles be looked at again.
INSERT INTO dedup_queue (article_id) SELECT unnest(%(article_ids)s::bigint[]);
