-- All articles that standing decisions join with the given ones, directly or by others, and with the clusters of these.
WITH RECURSIVE reached (article_id) AS (
    SELECT member.article_id
    FROM clusters AS mine JOIN clusters AS member USING (representative_id)
    WHERE mine.article_id = ANY (%(article_ids)s)
    UNION
    SELECT unnest(%(article_ids)s::bigint[])
    UNION
    SELECT next.article_id
    FROM reached
    CROSS JOIN LATERAL (
        SELECT duplicate_of FROM duplicates WHERE article_id = reached.article_id AND revoked_at IS NULL
        UNION ALL
        SELECT article_id FROM duplicates WHERE duplicate_of = reached.article_id AND revoked_at IS NULL
    ) AS next (article_id)
)
SELECT reached.article_id, revision, words, published, syndicated, url_key, outlet_id, body
FROM reached
CROSS JOIN LATERAL (SELECT * FROM signatures WHERE signatures.article_id = reached.article_id LIMIT 1) AS signed
ORDER BY reached.article_id;
