-- The nearest in length to articles under each of their hot keys.
SELECT DISTINCT mine.article_id, other.article_id
FROM unnest(%(keys)b::bigint[], %(words)b::integer[], %(article_ids)b::bigint[]) AS mine (key, words, article_id)
CROSS JOIN LATERAL (
    (SELECT article_id FROM hot_key_articles AS shorter
     WHERE shorter.key = mine.key AND (shorter.words, shorter.article_id) < (mine.words, mine.article_id)
     ORDER BY words DESC, article_id DESC LIMIT %(neighbours)s)
    UNION ALL
    (SELECT article_id FROM hot_key_articles AS longer
     WHERE longer.key = mine.key AND (longer.words, longer.article_id) > (mine.words, mine.article_id)
     ORDER BY words, article_id LIMIT %(neighbours)s)
) AS other;
