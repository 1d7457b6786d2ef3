-- Pairs of articles that a person should look at, and what is needed to compare two.

-- name: pairs_in_doubt
-- Pairs that may have been judged wrongly, and of which no person has decided: first those that were joined with the least
-- certainty, then, of the newest articles, those that were kept apart though they have the same text about other facts.
WITH joined AS (
    SELECT duplicate_of AS a, article_id AS b, 'joined' AS judged, score, duplicate_id AS place
    FROM duplicates AS decision
    WHERE revoked_at IS NULL AND layer = 'near_duplicate' AND score < 0.8
      AND NOT EXISTS (
          SELECT FROM duplicates AS person
          WHERE person.revoked_at IS NULL AND person.layer = 'person'
            AND (person.article_id, person.duplicate_of)
                IN ((decision.article_id, decision.duplicate_of), (decision.duplicate_of, decision.article_id)))
    ORDER BY score, duplicate_id
    LIMIT %(limit)s
), apart AS (
    SELECT least(article_id, other) AS a, greatest(article_id, other) AS b, 'apart' AS judged, NULL::real AS score,
           min(-article_id) AS place
    FROM (SELECT * FROM refusals WHERE true = ANY (differs) ORDER BY article_id DESC LIMIT 10 * %(limit)s) AS newest
    CROSS JOIN LATERAL unnest(others, differs) AS pair (other, is_alike)
    WHERE is_alike
      AND NOT EXISTS (SELECT FROM splits WHERE (splits.a, splits.b) = (least(article_id, other), greatest(article_id, other)))
      AND NOT EXISTS (
          SELECT FROM duplicates AS person
          WHERE person.revoked_at IS NULL AND person.layer = 'person'
            AND (person.article_id, person.duplicate_of) IN ((newest.article_id, other), (other, newest.article_id)))
    GROUP BY 1, 2
    ORDER BY place
    LIMIT %(limit)s
)
SELECT a, b, judged, score, one.outlet AS outlet_a, one.headline AS headline_a, other.outlet AS outlet_b,
       other.headline AS headline_b
FROM (TABLE joined UNION ALL TABLE apart) AS doubted
JOIN articles AS one ON one.article_id = a
JOIN articles AS other ON other.article_id = b
ORDER BY judged DESC, score, place
LIMIT %(limit)s;

-- name: articles_to_compare
-- What two articles say, and the cluster of each.
SELECT article_id, outlet, headline, article_body, date_published, first_seen_at, word_count, representative_id
FROM articles
LEFT JOIN clusters USING (article_id)
WHERE article_id = ANY (%(article_ids)s);
