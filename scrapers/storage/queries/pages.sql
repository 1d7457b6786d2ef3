-- The ledger: pages are discovered, leased, and left in the state that their visit gave them.

-- name: count_known_pages
-- How many of these addresses, one counted as often as it is given, are pages of the ledger.
SELECT count(*) FROM unnest(%(url_sha256)b::bytea[]) AS link (url_sha256) JOIN pages USING (url_sha256);

-- name: find_sound_pages
-- Which of these addresses are pages that were not found wanting.
SELECT url_sha256 FROM pages WHERE url_sha256 = ANY (%(url_sha256)b) AND state NOT IN ('rejected', 'gave_up');

-- name: knows_page
-- Whether one of these addresses or titles is a page's or an article's that the outlet is known to have.
SELECT EXISTS (SELECT FROM pages WHERE url_sha256 = ANY (%(url_sha256)b))
    OR EXISTS (SELECT FROM articles WHERE canonical_url_sha256 = ANY (%(url_sha256)b))
    OR EXISTS (SELECT FROM pages WHERE outlet = %(outlet)s AND announced_title = ANY (%(title)s))
    OR EXISTS (SELECT FROM articles WHERE outlet = %(outlet)s AND headline = ANY (%(title)s));

-- name: claim_pages
-- Give an outlet the pages that a crawl of its mere site had (whose outlet is named by its domain), to be read by the
-- outlet's own rules: what gave an article is due again, what gave none is as if it were new. Pages that are leased, and
-- other addresses of pages, stay as they are. Return the pages that are new to the run.
WITH claimed AS (
    UPDATE pages
    SET outlet = %(outlet)s,
        state = CASE WHEN first_stored_at IS NULL AND state <> 'duplicate' THEN 'discovered' ELSE state END,
        reason = CASE WHEN first_stored_at IS NULL AND state <> 'duplicate' THEN NULL ELSE reason END,
        run_id = CASE WHEN first_stored_at IS NULL AND state <> 'duplicate' THEN %(run_id)s ELSE run_id END,
        attempts = 0, deferred_until = CASE WHEN first_stored_at IS NULL THEN NULL ELSE deferred_until END,
        next_fetch_at = CASE WHEN state IN ('stored', 'unchanged') THEN now() END,
        etag = NULL, last_modified = NULL, content_sha256 = NULL
    WHERE url_sha256 = ANY (%(url_sha256)b) AND outlet <> %(outlet)s AND strpos(outlet, '.') > 0 AND state <> 'leased'
    RETURNING page_id, run_id
), moved AS (
    UPDATE articles SET outlet = %(outlet)s FROM claimed WHERE articles.page_id = claimed.page_id
)
SELECT page_id FROM claimed
WHERE run_id = %(run_id)s
  AND NOT EXISTS (SELECT FROM run_pages WHERE run_pages.run_id = %(run_id)s AND run_pages.page_id = claimed.page_id);

-- name: insert_pages
-- Add what was announced to the ledger. A page that is known already takes over what was announced of it,
-- and is due again when it was announced as modified since it was last looked at. What is known and says nothing new
-- is left alone: most links are.
WITH announced AS (
    SELECT DISTINCT ON (url_sha256) url_sha256, url, discovered_in, title, author, published, modified
    FROM unnest(%(url_sha256)b::bytea[], %(url)b::text[], %(discovered_in)s::text[], %(title)s::text[],
                %(author)s::text[], %(published)s::timestamptz[], %(modified)s::timestamptz[])
         AS link (url_sha256, url, discovered_in, title, author, published, modified)
    ORDER BY url_sha256, modified DESC NULLS LAST
), news AS (
    SELECT announced.*
    FROM announced
    LEFT JOIN pages AS page USING (url_sha256)
    WHERE page.page_id IS NULL
       OR announced.title IS DISTINCT FROM page.announced_title AND announced.title IS NOT NULL
       OR string_to_array(announced.author, E'\n') IS DISTINCT FROM page.announced_author AND announced.author IS NOT NULL
       OR announced.published IS DISTINCT FROM page.announced_published AND announced.published IS NOT NULL
       OR announced.modified IS DISTINCT FROM page.announced_modified AND announced.modified IS NOT NULL
)
INSERT INTO pages AS page (outlet, url, url_sha256, state, run_id, discovered_in,
                           announced_title, announced_author, announced_published, announced_modified)
SELECT %(outlet)s, url, url_sha256, 'discovered', %(run_id)s, discovered_in, title,
       string_to_array(author, E'\n'), published, modified
FROM news
ORDER BY url_sha256
ON CONFLICT (url_sha256) DO UPDATE
SET announced_title = coalesce(excluded.announced_title, page.announced_title),
    announced_author = coalesce(excluded.announced_author, page.announced_author),
    announced_published = coalesce(excluded.announced_published, page.announced_published),
    announced_modified = coalesce(excluded.announced_modified, page.announced_modified),
    next_fetch_at = CASE WHEN page.state IN ('stored', 'unchanged')
                              AND excluded.announced_modified > coalesce(page.announced_modified, page.last_fetched_at)
                         THEN now() ELSE page.next_fetch_at END
WHERE page.reason IS DISTINCT FROM 'taken_down'
RETURNING xmax = 0 AS is_new;

-- name: insert_variants
-- Add other addresses of pages that the ledger has: they are never fetched.
INSERT INTO pages (outlet, url, url_sha256, state, reason, run_id, discovered_in, duplicate_of)
SELECT DISTINCT ON (variant.url_sha256)
       %(outlet)s, variant.url, variant.url_sha256, 'duplicate', 'url_variant', %(run_id)s, variant.discovered_in,
       page.page_id
FROM unnest(%(url_sha256)b::bytea[], %(url)b::text[], %(variant_of)b::bytea[], %(discovered_in)s::text[])
     AS variant (url_sha256, url, variant_of, discovered_in)
JOIN pages AS page ON page.url_sha256 = variant.variant_of
WHERE NOT EXISTS (SELECT FROM pages AS known WHERE known.url_sha256 = variant.url_sha256)
ORDER BY variant.url_sha256
ON CONFLICT (url_sha256) DO NOTHING
RETURNING page_id;

-- name: due_pages
-- What an ordinary crawl takes: pages that are new, deferred or stored ones that are due, and those whose lease has run
-- out; the newest first, locked. What another crawl is taking at this moment is passed over. Pages of hosts that are
-- closed, or have had the run's share, stay where they are.
SELECT page_id
FROM pages
WHERE outlet = %(outlet)s
  AND (state = 'discovered'
       OR state = 'deferred' AND deferred_until <= now()
       OR state = 'leased' AND lease_expires_at <= now()
       OR state IN ('stored', 'unchanged') AND next_fetch_at <= now())
  AND split_part(url, '/', 3) <> ALL (%(spent_hosts)s::text[])
  AND split_part(url, '/', 3) NOT IN (SELECT host FROM hosts WHERE closed_until > now())
ORDER BY announced_published DESC NULLS LAST, page_id
LIMIT %(pages)s
FOR UPDATE OF pages SKIP LOCKED;

-- name: due_pages_of_days
-- What a backfill takes: pages that are due, and those that an outage made give up and this run has not settled. What
-- their articles, or else their announcements, date outside its days is left out; what nobody has dated is taken.
SELECT page_id
FROM pages
WHERE outlet = %(outlet)s
  AND (state = 'discovered'
       OR state = 'deferred' AND deferred_until <= now()
       OR state = 'leased' AND lease_expires_at <= now()
       OR state IN ('stored', 'unchanged') AND next_fetch_at <= now()
       OR state = 'gave_up' AND reason NOT IN ('http_404', 'http_410', 'http_451', 'soft_404', 'too_large')
          AND NOT EXISTS (
              SELECT FROM run_pages
              WHERE run_pages.page_id = pages.page_id AND run_pages.state NOT IN ('discovered', 'leased')
                AND at >= (SELECT started_at FROM runs WHERE runs.run_id = %(run_id)s)))
  AND (%(since)s::timestamptz IS NULL OR %(since)s <= coalesce(
      (SELECT max(date_published) FROM articles WHERE articles.page_id = pages.page_id), announced_published, 'infinity'))
  AND (%(until)s::timestamptz IS NULL OR %(until)s > coalesce(
      (SELECT min(date_published) FROM articles WHERE articles.page_id = pages.page_id), announced_published, '-infinity'))
  AND split_part(url, '/', 3) <> ALL (%(spent_hosts)s::text[])
  AND split_part(url, '/', 3) NOT IN (SELECT host FROM hosts WHERE closed_until > now())
ORDER BY announced_published DESC NULLS LAST, page_id
LIMIT %(pages)s
FOR UPDATE OF pages SKIP LOCKED;

-- name: all_pages
-- What a full crawl takes: pages that are due, and all that no run has settled since this one began, which leaves out
-- what another full crawl at the same time has just fetched. Days are told as those of a backfill.
SELECT page_id
FROM pages
WHERE outlet = %(outlet)s
  AND (state = 'discovered'
       OR state = 'deferred' AND deferred_until <= now()
       OR state = 'leased' AND lease_expires_at <= now()
       OR state IN ('stored', 'unchanged') AND next_fetch_at <= now()
       OR state IN ('stored', 'unchanged', 'rejected', 'quarantined', 'gave_up') AND reason IS DISTINCT FROM 'taken_down'
          AND NOT EXISTS (
              SELECT FROM run_pages
              WHERE run_pages.page_id = pages.page_id AND run_pages.state NOT IN ('discovered', 'leased')
                AND at >= (SELECT started_at FROM runs WHERE runs.run_id = %(run_id)s)))
  AND (%(since)s::timestamptz IS NULL OR %(since)s <= coalesce(
      (SELECT max(date_published) FROM articles WHERE articles.page_id = pages.page_id), announced_published, 'infinity'))
  AND (%(until)s::timestamptz IS NULL OR %(until)s > coalesce(
      (SELECT min(date_published) FROM articles WHERE articles.page_id = pages.page_id), announced_published, '-infinity'))
  AND split_part(url, '/', 3) <> ALL (%(spent_hosts)s::text[])
  AND split_part(url, '/', 3) NOT IN (SELECT host FROM hosts WHERE closed_until > now())
ORDER BY announced_published DESC NULLS LAST, page_id
LIMIT %(pages)s
FOR UPDATE OF pages SKIP LOCKED;

-- name: given_pages
-- What a crawl of given addresses takes: as a full one, but of these alone, and of closed hosts too.
SELECT page_id
FROM pages
WHERE outlet = %(outlet)s
  AND url_sha256 = ANY (%(only)s::bytea[])
  AND (state = 'discovered'
       OR state = 'deferred' AND deferred_until <= now()
       OR state = 'leased' AND lease_expires_at <= now()
       OR state IN ('stored', 'unchanged') AND next_fetch_at <= now()
       OR state IN ('stored', 'unchanged', 'rejected', 'quarantined', 'gave_up') AND reason IS DISTINCT FROM 'taken_down'
          AND NOT EXISTS (
              SELECT FROM run_pages
              WHERE run_pages.page_id = pages.page_id AND run_pages.state NOT IN ('discovered', 'leased')
                AND at >= (SELECT started_at FROM runs WHERE runs.run_id = %(run_id)s)))
  AND (%(since)s::timestamptz IS NULL OR %(since)s <= coalesce(
      (SELECT max(date_published) FROM articles WHERE articles.page_id = pages.page_id), announced_published, 'infinity'))
  AND (%(until)s::timestamptz IS NULL OR %(until)s > coalesce(
      (SELECT min(date_published) FROM articles WHERE articles.page_id = pages.page_id), announced_published, '-infinity'))
ORDER BY announced_published DESC NULLS LAST, page_id
LIMIT %(pages)s
FOR UPDATE OF pages SKIP LOCKED;

-- name: given_pages_again
-- What takes given pages whose answers are there already: whatever became of them before, and however often in this run,
-- but not what another run has, what was taken down, or other addresses of pages.
SELECT page_id
FROM pages
WHERE outlet = %(outlet)s
  AND url_sha256 = ANY (%(only)s::bytea[])
  AND state <> 'duplicate'
  AND (state <> 'leased' OR lease_expires_at <= now())
  AND reason IS DISTINCT FROM 'taken_down'
ORDER BY page_id
LIMIT %(pages)s
FOR UPDATE OF pages SKIP LOCKED;

-- name: lease_pages
-- Lease locked pages to a run; `is_new_to_run` where they are not counted for it yet, as pages are that it discovered.
UPDATE pages
SET state = 'leased', reason = NULL, run_id = %(run_id)s, attempts = attempts + 1,
    lease_token = nextval('lease_tokens'), lease_expires_at = now() + %(lease)s, deferred_until = NULL
FROM unnest(%(page_ids)s::bigint[]) AS due (page_id)
WHERE pages.page_id = due.page_id
RETURNING pages.page_id, url, lease_token, attempts, etag, last_modified, content_sha256,
          announced_title, announced_author,
          CASE WHEN announced_published BETWEEN '1900-01-01 00:00+00' AND '9999-01-01 00:00+00' THEN announced_published END,
          NOT EXISTS (SELECT FROM run_pages
                      WHERE run_pages.run_id = %(run_id)s AND run_pages.page_id = pages.page_id) AS is_new_to_run;

-- name: renew_leases
-- Put off the end of all leases of a run.
UPDATE pages SET lease_expires_at = now() + %(lease)s WHERE run_id = %(run_id)s AND state = 'leased';

-- name: release_leases
-- Give back what a run had leased and not finished; a page with an article keeps it and is due again. That the run
-- ended is no failure of the page.
UPDATE pages
SET state = CASE WHEN articles.page_id IS NULL THEN 'discovered' ELSE 'stored' END,
    reason = NULL,
    attempts = greatest(pages.attempts - 1, 0),
    next_fetch_at = CASE WHEN articles.page_id IS NULL THEN NULL ELSE now() END,
    lease_token = NULL,
    lease_expires_at = NULL
FROM pages AS leased
LEFT JOIN articles USING (page_id)
WHERE pages.page_id = leased.page_id AND leased.run_id = %(run_id)s AND leased.state = 'leased';

-- name: lock_leased_pages
-- Those of the pages that are still leased with these tokens; nobody else can take them until the transaction ends.
-- What feeds say of them meanwhile comes along.
SELECT pages.page_id, announced_title, announced_author,
       CASE WHEN announced_published BETWEEN '1900-01-01 00:00+00' AND '9999-01-01 00:00+00' THEN announced_published END
FROM pages
JOIN unnest(%(page_id)s::bigint[], %(lease_token)s::bigint[]) AS held (page_id, lease_token)
     ON pages.page_id = held.page_id AND pages.lease_token = held.lease_token
WHERE pages.state = 'leased'
FOR UPDATE OF pages;

-- name: state_by_run
-- The state in which this very run left a page that it holds no more; none where the lease was lost to another.
SELECT state FROM run_pages
WHERE run_id = %(run_id)s AND page_id = %(page_id)s AND state NOT IN ('discovered', 'leased');

-- name: finish_pages
-- Leases end. A stored page is due again at the next of its looks, counted from when it was first stored.
UPDATE pages
SET state = ended.state, reason = ended.reason, duplicate_of = ended.duplicate_of,
    deferred_until = now() + ended.defer_s * interval '1 second',
    attempts = CASE WHEN ended.state <> 'deferred' THEN 0 WHEN ended.is_attempt THEN attempts ELSE attempts - 1 END,
    last_fetched_at = CASE WHEN ended.fetched THEN now() ELSE greatest(last_fetched_at, ended.captured_at) END,
    first_stored_at = CASE WHEN ended.state IN ('stored', 'unchanged') THEN coalesce(first_stored_at, now())
                           ELSE first_stored_at END,
    next_fetch_at = CASE WHEN ended.state IN ('stored', 'unchanged')
                         THEN (SELECT min(look) FROM (SELECT coalesce(first_stored_at, now()) + wait * interval '1 second' AS look
                                                      FROM unnest(ended.revisit_s) AS wait) AS looks
                               WHERE look > now()) END,
    etag = CASE WHEN ended.is_same OR ended.state = 'deferred' THEN pages.etag ELSE ended.etag END,
    last_modified = CASE WHEN ended.is_same OR ended.state = 'deferred' THEN pages.last_modified ELSE ended.last_modified END,
    content_sha256 = CASE WHEN ended.is_same OR ended.state = 'deferred' THEN pages.content_sha256
                          ELSE ended.content_sha256 END,
    lease_token = NULL, lease_expires_at = NULL
FROM json_to_recordset(%(pages)s) AS ended (
    page_id bigint, state text, reason text, duplicate_of bigint, defer_s float, is_attempt boolean, fetched boolean,
    captured_at timestamptz, revisit_s float[], is_same boolean, etag text, last_modified text, content_sha256 bytea)
WHERE pages.page_id = ended.page_id;

-- name: demote_page
-- The page that an article was read from gives way to its canonical page.
UPDATE pages
SET state = 'duplicate', reason = 'canonical_url', duplicate_of = %(duplicate_of)s, next_fetch_at = NULL
WHERE page_id = %(page_id)s AND state IN ('stored', 'unchanged');

-- name: quarantined_pages
-- Quarantined pages with the last bytes that were kept of each, the oldest first.
SELECT page_id, pages.outlet, pages.url, reason, requested_at, content_type, snapshot_sha256, snapshots.bytes
FROM pages
LEFT JOIN LATERAL (
    SELECT requested_at, content_type, snapshot_sha256
    FROM fetches
    WHERE fetches.page_id = pages.page_id AND snapshot_sha256 IS NOT NULL
    ORDER BY fetch_id DESC
    LIMIT 1
) AS last_fetch ON true
LEFT JOIN snapshots ON snapshots.sha256 = snapshot_sha256
WHERE state = 'quarantined'
  AND (%(outlet)s::text IS NULL OR pages.outlet = %(outlet)s)
  AND (%(urls)s::text[] IS NULL OR pages.url = ANY (%(urls)s::text[]))
ORDER BY page_id;
