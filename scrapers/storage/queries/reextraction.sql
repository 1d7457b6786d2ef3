-- Stored pages that are read again by newer rules.

-- name: outlets_with_articles
-- All outlets that have articles.
WITH RECURSIVE found AS (
    (SELECT outlet FROM articles ORDER BY outlet LIMIT 1)
    UNION ALL
    SELECT (SELECT outlet FROM articles WHERE articles.outlet > found.outlet ORDER BY outlet LIMIT 1)
    FROM found
    WHERE found.outlet IS NOT NULL
)
SELECT outlet FROM found WHERE outlet IS NOT NULL;

-- name: articles_to_read_again
-- An outlet's articles after one, with their newest revisions, the pages that these were read from, and what feeds say.
SELECT articles.article_id, articles.outlet, articles.page_id, articles.url, articles.canonical_url, articles.revision,
       articles.provenance, articles.date_published_precision AS precision, revisions.content, revisions.snapshot_sha256,
       snapshots.body, snapshots.dictionary_sha256, snapshots.place,
       cardinality(articles.page_starts) AS parts,
       fetched.content_type, fetched.requested_at, fetched.status,
       pages.announced_title, pages.announced_author,
       CASE WHEN pages.announced_published BETWEEN '1900-01-01 00:00+00' AND '9999-01-01 00:00+00'
            THEN pages.announced_published END AS announced_published
FROM articles
JOIN revisions USING (article_id, revision)
JOIN pages USING (page_id)
LEFT JOIN snapshots ON snapshots.sha256 = revisions.snapshot_sha256
LEFT JOIN LATERAL (
    SELECT content_type, requested_at, status
    FROM fetches
    WHERE fetches.snapshot_sha256 = revisions.snapshot_sha256 AND fetches.page_id = articles.page_id
    ORDER BY requested_at
    LIMIT 1
) AS fetched ON true
WHERE articles.outlet = %(outlet)s AND articles.article_id > %(after)s
  AND (%(since)s::timestamptz IS NULL OR coalesce(articles.date_published, articles.first_seen_at) >= %(since)s)
  AND (%(until)s::timestamptz IS NULL OR coalesce(articles.date_published, articles.first_seen_at) < %(until)s)
ORDER BY articles.article_id
LIMIT %(limit)s;

-- name: unfinished_reextraction
-- How far the newest run with these arguments came, where it did not come to its end.
SELECT progress
FROM (
    SELECT progress, outcome
    FROM runs
    WHERE outlet = %(outlet)s AND kind = 'reextract' AND arguments = %(arguments)s AND run_id <> %(run_id)s
    ORDER BY started_at DESC
    LIMIT 1
) AS newest
WHERE outcome <> 'succeeded' AND progress IS NOT NULL;

-- name: note_progress
-- What comes up to this article is done.
UPDATE runs SET progress = %(progress)s WHERE run_id = %(run_id)s;

-- name: lock_article_row
-- The whole row of an article that still is at this revision; locked.
SELECT to_jsonb(articles) FROM articles WHERE article_id = %(article_id)s AND revision = %(revision)s FOR UPDATE;

-- name: parts_to_read_again
-- The pages of an article that was joined from several, in the order in which they were fetched.
SELECT fetches.url, fetches.content_type, fetches.requested_at, snapshots.body, snapshots.dictionary_sha256, snapshots.place
FROM fetches JOIN snapshots ON snapshots.sha256 = fetches.snapshot_sha256
WHERE fetches.page_id = %(page_id)s AND fetches.status = 200
  AND fetches.run_id = (
      SELECT run_id FROM revisions
      WHERE article_id = %(article_id)s AND origin = 'publisher'
      ORDER BY revision DESC
      LIMIT 1)
ORDER BY fetches.fetch_id;
