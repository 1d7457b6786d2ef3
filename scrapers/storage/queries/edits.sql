-- What publishers did to articles after their first version.

-- name: edits
-- Edits of a span, the newest first; null parameters ask for no limit of that kind.
SELECT at, outlet, kind, kinds, headline, headline_before, headline_after, words_added, words_removed, paragraphs_removed,
       author_before, author_after, date_published_before, date_published_after, fields, minutes_after_publication, reason,
       article_id, revision, canonical_url
FROM edits
WHERE (%(since)s::timestamptz IS NULL OR at >= %(since)s)
  AND (%(until)s::timestamptz IS NULL OR at < %(until)s)
  AND (%(outlet)s::text IS NULL OR outlet = %(outlet)s)
  AND CASE WHEN %(kind)s::text IS NULL THEN kind <> 'details' ELSE %(kind)s = ANY (kinds) END
ORDER BY at DESC, article_id, revision DESC
LIMIT %(limit)s;

-- name: revision_contents
-- All versions of an article, the oldest first, each with its text and how its publisher's edit is described.
SELECT revisions.revision, stored_at, origin, content, kinds
FROM revisions
LEFT JOIN revision_edits USING (article_id, revision)
WHERE article_id = %(article_id)s
ORDER BY revision;
