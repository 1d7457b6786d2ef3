-- Web archives: what an export as WARC holds, and what is known of the captures in one that is ingested.

-- name: archived_captures
-- The kept answers of the pages that articles were read from, and the answers that said that nothing had changed, as far
-- as they were stored until a moment; in order of the articles.
WITH read_from AS (
    SELECT DISTINCT article_id, fetches.page_id
    FROM revisions
    JOIN fetches USING (snapshot_sha256)
    WHERE article_id = ANY (%(article_ids)s::bigint[]) AND revisions.stored_at <= %(as_of)s AND fetches.page_id IS NOT NULL
)
SELECT article_id, fetch_id, page_id, url, requested_at, status, content_type, snapshot_sha256, request_headers,
       response_headers, source
FROM read_from
JOIN fetches USING (page_id)
WHERE (snapshot_sha256 IS NOT NULL OR status = 304) AND coalesce(stored_at, requested_at) <= %(as_of)s
ORDER BY article_id, requested_at, fetch_id;

-- name: archived_extractions
-- Of each revision, the snapshot that it was read from and the rules that gave its fields.
SELECT article_id, snapshot_sha256, provenance
FROM revisions
JOIN unnest(%(article_ids)s::bigint[], %(revisions)s::bigint[]) AS wanted (article_id, revision) USING (article_id, revision);

-- name: known_captures
-- What the ledger knows of the pages of captures: the page's state, whether it or the page that it duplicates has an
-- article, when that was fetched last, and whether this very capture is stored.
SELECT given.place, pages.state,
       EXISTS (SELECT FROM articles WHERE articles.page_id = coalesce(pages.duplicate_of, pages.page_id)) AS has_article,
       (SELECT max(requested_at) FROM fetches
        WHERE fetches.page_id = coalesce(pages.duplicate_of, pages.page_id) AND outcome = 'answered') AS last_answer,
       EXISTS (SELECT FROM fetches
               WHERE fetches.page_id = pages.page_id AND requested_at = given.requested_at
                 AND fetches.source IS NOT NULL) AS is_stored
FROM unnest(%(place)s::integer[], %(url_sha256)s::bytea[], %(requested_at)s::timestamptz[])
     AS given (place, url_sha256, requested_at)
JOIN pages USING (url_sha256);
