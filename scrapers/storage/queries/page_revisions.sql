SELECT article_id, canonical_url, headline, date_published, revisions.revision, stored_at,
       ARRAY(SELECT jsonb_object_keys(changes) ORDER BY 1) AS changed, encode(snapshot_sha256, 'hex') AS snapshot
FROM articles
JOIN revisions USING (article_id)
WHERE page_id = %(page_id)s
ORDER BY revisions.revision;
