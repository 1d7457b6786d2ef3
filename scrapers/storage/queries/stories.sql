-- Stories: different texts on one event.

-- name: queue_for_stories
-- Let deduplicated articles wait for a story, those that have none.
INSERT INTO story_queue (article_id)
SELECT article_id FROM signatures
WHERE article_id = ANY (%(article_ids)s) AND NOT EXISTS (SELECT FROM story_articles WHERE story_articles.article_id = signatures.article_id)
ON CONFLICT DO NOTHING;

-- name: claim_for_stories
-- Take waiting articles, the first stored first.
DELETE FROM story_queue
WHERE article_id IN (SELECT article_id FROM story_queue ORDER BY article_id LIMIT %(articles)s)
RETURNING article_id;

-- name: articles_for_stories
-- The articles with their time, their signature, and the story that another article of their cluster is in.
SELECT article_id, coalesce(published, first_seen_at) AS at, signature,
       (SELECT min(story_id) FROM clusters AS mine JOIN clusters AS member USING (representative_id)
        JOIN story_articles ON story_articles.article_id = member.article_id
        WHERE mine.article_id = signatures.article_id) AS story_id,
       (SELECT representative_id FROM clusters WHERE clusters.article_id = signatures.article_id) AS representative_id
FROM signatures JOIN articles USING (article_id)
WHERE article_id = ANY (%(article_ids)s) AND algorithm = %(algorithm)s
ORDER BY at, article_id;

-- name: newest_story_time
-- The time of the newest text of all stories, null without one.
SELECT max(last_at) FROM story_terms WHERE merged_into IS NULL;

-- name: stories_since
-- The stories that have gone on since a time, by id.
SELECT story_id, terms, weights, texts, last_at FROM story_terms
WHERE merged_into IS NULL AND last_at >= %(since)s
ORDER BY story_id;

-- name: next_story_id
-- An id for a new story.
SELECT nextval(pg_get_serial_sequence('story_terms', 'story_id'));

-- name: upsert_story
-- Write what a story is compared by.
INSERT INTO story_terms AS story (story_id, terms, weights, texts, last_at)
OVERRIDING SYSTEM VALUE
VALUES (%(story_id)s, %(terms)s::integer[], %(weights)s::real[], %(texts)s, %(last_at)s)
ON CONFLICT (story_id) DO UPDATE
SET terms = excluded.terms, weights = excluded.weights, texts = excluded.texts, last_at = excluded.last_at;

-- name: put_into_stories
-- Which story each article belongs to.
INSERT INTO story_articles (article_id, story_id)
SELECT * FROM unnest(%(article_ids)s::bigint[], %(story_ids)s::bigint[])
ON CONFLICT (article_id) DO UPDATE SET story_id = excluded.story_id;

-- name: move_story
-- A story becomes part of another: its articles go there.
WITH moved AS (
    UPDATE story_articles SET story_id = %(into)s WHERE story_id = %(story_id)s
)
UPDATE story_terms SET merged_into = %(into)s WHERE story_id = %(story_id)s OR merged_into = %(story_id)s;

-- name: split_stories
-- The pairs of stories that people have set apart.
SELECT a, b FROM story_splits;

-- name: insert_story_split
-- Somebody sets two stories apart.
INSERT INTO story_splits (a, b, decided_by) VALUES (least(%(a)s, %(b)s), greatest(%(a)s, %(b)s), %(decided_by)s)
ON CONFLICT DO NOTHING;

-- name: delete_story_split
-- A merge takes back what set two stories apart.
DELETE FROM story_splits WHERE (a, b) = (least(%(a)s, %(b)s), greatest(%(a)s, %(b)s));

-- name: stories_of_one_cluster
-- Pairs of stories that have copies of one text, found since their articles were put into them.
SELECT DISTINCT least(mine.story_id, other.story_id), greatest(mine.story_id, other.story_id)
FROM clusters
JOIN story_articles AS mine USING (article_id)
JOIN story_articles AS other ON other.article_id = clusters.representative_id
WHERE mine.story_id <> other.story_id
ORDER BY 1, 2;

-- name: article_story
-- The story of an article and the articles that are one with it, itself included.
SELECT story_articles.story_id, coalesce(array_agg(member.article_id) FILTER (WHERE member.article_id IS NOT NULL), ARRAY[%(article_id)s::bigint])
FROM story_articles
LEFT JOIN clusters AS mine USING (article_id)
LEFT JOIN clusters AS member ON member.representative_id = mine.representative_id
WHERE story_articles.article_id = %(article_id)s
GROUP BY story_articles.story_id;

-- name: list_stories
-- Stories of several articles that have gone on since a time, the largest first.
SELECT story_id, headline, first_at, last_at, outlets, articles, article_ids FROM stories
WHERE last_at >= %(since)s AND articles >= %(fewest)s
ORDER BY cardinality(outlets) DESC, articles DESC, story_id
LIMIT %(stories)s;

-- name: stories_by_id
-- Stories that are not part of another one.
SELECT story_id, terms, weights, texts, last_at FROM story_terms
WHERE merged_into IS NULL AND story_id = ANY (%(story_ids)s);
