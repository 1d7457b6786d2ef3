-- Lease pages to a run: new ones, deferred and stored ones that are due, and those whose lease has run out.
-- Pages of hosts that are closed, or have had the run's share, stay where they are, unless they were asked for by hand.
-- A backfill leaves out what its article, or else the announcement, dates outside its days; what nobody has dated is
-- taken. It takes those too that an outage made give up. A full crawl, and one of given URLs, takes every page that no
-- run has settled since it began: not one that another full crawl at the same time has just fetched.
WITH due AS (
    SELECT page_id
    FROM pages
    WHERE outlet = %(outlet)s
      AND (%(only)s::bytea[] IS NULL OR url_sha256 = ANY (%(only)s))
      AND (%(only)s::bytea[] IS NOT NULL
           OR split_part(url, '/', 3) <> ALL (%(spent_hosts)s::text[])
              AND NOT EXISTS (SELECT FROM hosts WHERE host = split_part(url, '/', 3) AND closed_until > now()))
      AND (%(since)s::timestamptz IS NULL OR coalesce(
          (SELECT max(date_published) FROM articles WHERE articles.page_id = pages.page_id), announced_published, %(since)s
      ) >= %(since)s)
      AND (%(until)s::timestamptz IS NULL OR coalesce(
          (SELECT min(date_published) FROM articles WHERE articles.page_id = pages.page_id), announced_published, '-infinity'
      ) < %(until)s)
      AND (state = 'discovered'
           OR state = 'deferred' AND deferred_until <= now()
           OR state = 'leased' AND lease_expires_at <= now()
           OR state IN ('stored', 'unchanged') AND next_fetch_at <= now()
           OR (%(since)s::timestamptz IS NOT NULL OR %(until)s::timestamptz IS NOT NULL)
              AND state = 'gave_up' AND reason NOT IN ('http_404', 'http_410', 'http_451', 'soft_404', 'too_large')
              AND NOT EXISTS (
                  SELECT FROM run_pages JOIN runs AS own ON own.run_id = %(run_id)s
                  WHERE run_pages.page_id = pages.page_id AND run_pages.at >= own.started_at
                    AND run_pages.state NOT IN ('discovered', 'leased'))
           OR (%(full)s OR %(only)s::bytea[] IS NOT NULL)
              AND state IN ('stored', 'unchanged', 'rejected', 'quarantined', 'gave_up')
              AND NOT EXISTS (
                  SELECT FROM run_pages JOIN runs AS own ON own.run_id = %(run_id)s
                  WHERE run_pages.page_id = pages.page_id AND run_pages.at >= own.started_at
                    AND run_pages.state NOT IN ('discovered', 'leased')))
    ORDER BY announced_published DESC NULLS LAST, page_id
    LIMIT %(pages)s
    FOR UPDATE SKIP LOCKED
)
UPDATE pages
SET state = 'leased', reason = NULL, run_id = %(run_id)s, attempts = attempts + 1,
    lease_token = nextval('lease_tokens'), lease_expires_at = now() + %(lease)s, deferred_until = NULL
FROM due
WHERE pages.page_id = due.page_id
RETURNING pages.page_id, pages.url, pages.lease_token, pages.attempts,
          CASE WHEN NOT (%(full)s OR %(only)s::bytea[] IS NOT NULL) THEN pages.etag END,
          CASE WHEN NOT (%(full)s OR %(only)s::bytea[] IS NOT NULL) THEN pages.last_modified END,
          CASE WHEN NOT (%(full)s OR %(only)s::bytea[] IS NOT NULL) THEN pages.content_sha256 END,
          announced_title, announced_author,
          CASE WHEN announced_published BETWEEN '1900-01-01 00:00+00' AND '9999-01-01 00:00+00' THEN announced_published END,
          -- not counted for this run yet; a page that another run had meanwhile is
          NOT EXISTS (SELECT FROM run_pages
                      WHERE run_pages.run_id = %(run_id)s AND run_pages.page_id = pages.page_id) AS is_new_to_run;
