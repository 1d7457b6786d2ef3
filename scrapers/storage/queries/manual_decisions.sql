-- Decisions that people take: merge two articles, or set them apart.

-- name: decisions_on_pair
-- All that was ever decided of two articles, newest first.
SELECT layer, 'duplicate' AS decision, score, evidence, decided_at, revoked_at, revoked_by FROM duplicates
WHERE (article_id, duplicate_of) IN ((%(a)s, %(b)s), (%(b)s, %(a)s)) AND revoked_at IS NULL
UNION ALL
SELECT layer, 'duplicate', score, evidence, decided_at, revoked_at, revoked_by FROM duplicates
WHERE (article_id, duplicate_of) IN ((%(a)s, %(b)s), (%(b)s, %(a)s)) AND revoked_at IS NOT NULL
UNION ALL
SELECT 'person', 'different', 1, jsonb_build_object('decided_by', decided_by), decided_at, NULL, NULL FROM splits
WHERE (a, b) = (least(%(a)s, %(b)s), greatest(%(a)s, %(b)s))
UNION ALL
SELECT 'near_duplicate', 'different', NULL, '{}', judged_at, NULL, NULL FROM refusals
WHERE article_id = %(a)s AND %(b)s = ANY (others) OR article_id = %(b)s AND %(a)s = ANY (others)
ORDER BY decided_at DESC NULLS LAST;

-- name: article_texts
-- Articles as `warta duplicates explain` shows them to somebody who compares two.
SELECT article_id, headline, article_body, canonical_url, outlet, date_published, kind, is_paywalled, is_truncated
FROM articles
WHERE article_id = ANY (%(article_ids)s);

-- name: insert_merge
-- Somebody says that two articles are one.
INSERT INTO duplicates (article_id, duplicate_of, layer, score, evidence)
VALUES (%(b)s, %(a)s, 'person', 1, jsonb_build_object('decided_by', %(decided_by)s::text))
ON CONFLICT DO NOTHING;

-- name: delete_split
-- A merge takes back what set the two apart: a split, and a person's revocation of a decision.
WITH forgiven AS (
    UPDATE duplicates SET revoked_by = 'dedup'
    WHERE (article_id, duplicate_of) IN ((%(a)s, %(b)s), (%(b)s, %(a)s)) AND revoked_at IS NOT NULL AND revoked_by <> 'dedup'
)
DELETE FROM splits WHERE (a, b) = (%(a)s, %(b)s);

-- name: insert_split
-- Somebody says that two articles are different.
INSERT INTO splits (a, b, decided_by) VALUES (%(a)s, %(b)s, %(decided_by)s) ON CONFLICT DO NOTHING;

-- name: revoke_merge
-- Somebody takes back what joins two articles.
UPDATE duplicates SET revoked_at = now(), revoked_by = %(decided_by)s
WHERE (article_id, duplicate_of) IN ((%(a)s, %(b)s), (%(b)s, %(a)s)) AND revoked_at IS NULL;

-- name: cluster_of_article
-- The articles that are one with the given one, the one that stands for them first; none where it stands for itself.
SELECT member.article_id
FROM clusters AS mine JOIN clusters AS member USING (representative_id)
WHERE mine.article_id = %(article_id)s
ORDER BY member.article_id <> member.representative_id, member.article_id;
