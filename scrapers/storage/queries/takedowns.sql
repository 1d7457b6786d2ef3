-- Articles that are removed for good.

-- name: has_takedowns
-- Whether anything was ever taken down.
SELECT EXISTS (SELECT FROM takedowns);

-- name: taken_down
-- Which of these articles or pages, by their place in the lists, are not to be stored: by an address or an identifier.
SELECT DISTINCT place
FROM unnest(%(place)s::integer[], %(url_sha256)b::bytea[]) AS given (place, url_sha256)
JOIN takedown_addresses USING (url_sha256)
UNION
SELECT place
FROM unnest(%(article)s::integer[], %(outlet)s::text[], %(identifier)s::text[]) AS given (place, outlet, identifier)
JOIN takedowns USING (outlet, identifier);

-- name: insert_takedown
-- Who asked for it, when and why; asked for again it stays as it was.
INSERT INTO takedowns (outlet, url, identifier, reason, requested_by, taken_down_at)
VALUES (%(outlet)s, %(url)s, %(identifier)s, %(reason)s, %(requested_by)s, coalesce(%(taken_down_at)s, now()))
ON CONFLICT (outlet, identifier) WHERE identifier IS NOT NULL DO UPDATE SET reason = takedowns.reason
RETURNING takedown_id;

-- name: find_takedown
-- The takedown that an address belongs to.
SELECT takedown_id FROM takedown_addresses WHERE url_sha256 = ANY (%(url_sha256)s::bytea[]) LIMIT 1;

-- name: insert_takedown_addresses
-- The addresses under which it would come back.
INSERT INTO takedown_addresses (url_sha256, takedown_id, url)
SELECT DISTINCT ON (url_sha256) url_sha256, %(takedown_id)s, url
FROM unnest(%(url_sha256)b::bytea[], %(url)s::text[]) AS given (url_sha256, url)
ORDER BY url_sha256
ON CONFLICT DO NOTHING;

-- name: takedowns
-- All takedowns, the newest first.
SELECT takedown_id, taken_down_at, outlet, url, identifier, reason, requested_by,
       array(SELECT takedown_addresses.url FROM takedown_addresses
             WHERE takedown_addresses.takedown_id = takedowns.takedown_id ORDER BY takedown_addresses.url) AS addresses
FROM takedowns
ORDER BY taken_down_at DESC, takedown_id DESC;

-- name: pages_to_take_down
-- The pages of these addresses and of the articles read from them, with their other addresses; locked.
SELECT page_id, outlet, url
FROM pages
WHERE page_id IN (
    SELECT page_id FROM pages WHERE url_sha256 = ANY (%(url_sha256)s::bytea[])
    UNION
    SELECT duplicate_of FROM pages WHERE url_sha256 = ANY (%(url_sha256)s::bytea[]) AND duplicate_of IS NOT NULL
    UNION
    SELECT page_id FROM articles WHERE canonical_url_sha256 = ANY (%(url_sha256)s::bytea[])
    UNION
    SELECT other.page_id
    FROM pages AS known
    JOIN pages AS other ON other.duplicate_of = coalesce(known.duplicate_of, known.page_id)
    WHERE known.url_sha256 = ANY (%(url_sha256)s::bytea[])
    UNION
    SELECT other.page_id
    FROM articles
    JOIN pages AS other ON other.duplicate_of = articles.page_id
    WHERE articles.canonical_url_sha256 = ANY (%(url_sha256)s::bytea[]))
ORDER BY page_id
FOR UPDATE;

-- name: articles_to_take_down
-- The articles of these pages; locked.
SELECT article_id, outlet, canonical_url, claimed_url, url, identifier, amp_url
FROM articles
WHERE page_id = ANY (%(page_ids)s)
ORDER BY article_id
FOR UPDATE;

-- name: snapshots_to_take_down
-- The raw pages of these pages and articles that nothing else was read from.
SELECT sha256
FROM snapshots
WHERE sha256 IN (
    SELECT snapshot_sha256 FROM fetches WHERE page_id = ANY (%(page_ids)s)
    UNION
    SELECT snapshot_sha256 FROM revisions WHERE article_id = ANY (%(article_ids)s))
  AND NOT EXISTS (
      SELECT FROM fetches WHERE snapshot_sha256 = sha256 AND (feed_id IS NOT NULL OR page_id <> ALL (%(page_ids)s)))
  AND NOT EXISTS (SELECT FROM revisions WHERE snapshot_sha256 = sha256 AND article_id <> ALL (%(article_ids)s));

-- name: copies_elsewhere
-- Articles that stay, though they are copies of ones that go.
SELECT DISTINCT other.article_id, articles.canonical_url
FROM clusters AS mine
JOIN clusters AS other USING (representative_id)
JOIN articles ON articles.article_id = other.article_id
WHERE mine.article_id = ANY (%(article_ids)s) AND other.article_id <> ALL (%(article_ids)s)
ORDER BY other.article_id;

-- name: queue_cluster_mates
-- What was a copy of an article that goes is looked at again.
INSERT INTO dedup_queue (article_id)
SELECT DISTINCT other.article_id
FROM clusters AS mine
JOIN clusters AS other USING (representative_id)
WHERE mine.article_id = ANY (%(article_ids)s) AND other.article_id <> ALL (%(article_ids)s);

-- name: delete_articles
-- Articles with all that was made of their texts.
WITH dropped_clusters AS (
    DELETE FROM clusters WHERE article_id = ANY (%(article_ids)s) OR representative_id = ANY (%(article_ids)s)
), dropped_duplicates AS (
    DELETE FROM duplicates WHERE article_id = ANY (%(article_ids)s) OR duplicate_of = ANY (%(article_ids)s)
), dropped_splits AS (
    DELETE FROM splits WHERE a = ANY (%(article_ids)s) OR b = ANY (%(article_ids)s)
), dropped_refusals AS (
    DELETE FROM refusals WHERE article_id = ANY (%(article_ids)s)
), dropped_containments AS (
    DELETE FROM containments WHERE article_id = ANY (%(article_ids)s) OR contained_id = ANY (%(article_ids)s)
), emptied_stories AS (
    UPDATE story_terms SET terms = '{}', weights = '{}'
    WHERE story_id IN (SELECT story_id FROM story_articles WHERE article_id = ANY (%(article_ids)s))
      AND NOT EXISTS (
          SELECT FROM story_articles AS other
          WHERE other.story_id = story_terms.story_id AND other.article_id <> ALL (%(article_ids)s))
), dropped_stories AS (
    DELETE FROM story_articles WHERE article_id = ANY (%(article_ids)s)
), dropped_story_queue AS (
    DELETE FROM story_queue WHERE article_id = ANY (%(article_ids)s)
), dropped_queue AS (
    DELETE FROM dedup_queue WHERE article_id = ANY (%(article_ids)s)
), dropped_signatures AS (
    DELETE FROM signatures WHERE article_id = ANY (%(article_ids)s)
), dropped_keys AS (
    DELETE FROM frequent_key_articles WHERE article_id = ANY (%(article_ids)s)
), dropped_withdrawals AS (
    DELETE FROM withdrawals WHERE article_id = ANY (%(article_ids)s)
), dropped_edits AS (
    DELETE FROM revision_edits WHERE article_id = ANY (%(article_ids)s)
), dropped_words AS (
    DELETE FROM article_search WHERE article_id = ANY (%(article_ids)s)
), dropped_addresses AS (
    DELETE FROM former_addresses WHERE article_id = ANY (%(article_ids)s)
), dropped_revisions AS (
    DELETE FROM revisions WHERE article_id = ANY (%(article_ids)s)
)
DELETE FROM articles WHERE article_id = ANY (%(article_ids)s);

-- name: clear_pages
-- The pages stay in the ledger, rejected, without what was announced of them; the log of requests stays without what came.
WITH said AS (
    DELETE FROM announcements WHERE page_id = ANY (%(page_ids)s)
), answers AS (
    UPDATE fetches SET snapshot_sha256 = NULL, request_headers = NULL, response_headers = NULL
    WHERE page_id = ANY (%(page_ids)s)
)
UPDATE pages
SET state = 'rejected', reason = %(reason)s, lease_token = NULL, lease_expires_at = NULL, deferred_until = NULL,
    next_fetch_at = NULL, announced_title = NULL, announced_author = NULL, announced_published = NULL,
    announced_modified = NULL, etag = NULL, last_modified = NULL, content_sha256 = NULL, duplicate_of = NULL
WHERE page_id = ANY (%(page_ids)s);

-- name: delete_snapshots
-- Raw pages; returns the places of those that are kept in the store.
DELETE FROM snapshots WHERE sha256 = ANY (%(sha256)s::bytea[]) RETURNING place;

-- name: forget_former_clusters
-- Nobody asks what an article that is gone was a copy of.
DELETE FROM former_clusters WHERE article_id = ANY (%(article_ids)s);
