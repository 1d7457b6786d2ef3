-- Quarantined pages with the last bytes that were kept of each, the oldest first.
SELECT page_id, outlet, pages.url, reason, requested_at, content_type, snapshot_sha256, snapshots.bytes
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
  AND (%(outlet)s::text IS NULL OR outlet = %(outlet)s)
  AND (%(urls)s::text[] IS NULL OR pages.url = ANY (%(urls)s::text[]))
ORDER BY page_id;
