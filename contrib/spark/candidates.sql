-- Pairs of articles that share sketch keys. A frequent key is that of a whole series: in order of length, each of its
-- articles is paired only with those that follow it directly.
WITH keyed AS (
    SELECT article_id, words, key FROM {signatures} LATERAL VIEW explode(array_distinct(keys)) AS key
), placed AS (
    SELECT article_id, key, row_number() OVER (PARTITION BY key ORDER BY words, article_id) AS place,
           count(*) OVER (PARTITION BY key) > :frequent AS is_frequent
    FROM keyed
), sharing AS (
    SELECT least(a.article_id, b.article_id) AS article_id, greatest(a.article_id, b.article_id) AS other_id
    FROM placed AS a JOIN placed AS b ON a.key = b.key AND NOT a.is_frequent AND a.place < b.place
    UNION ALL
    SELECT least(a.article_id, b.article_id), greatest(a.article_id, b.article_id)
    FROM (SELECT *, explode(sequence(place + 1, place + :neighbours)) AS next FROM placed WHERE is_frequent) AS a
    JOIN placed AS b ON a.key = b.key AND a.next = b.place
)
SELECT article_id, other_id FROM sharing GROUP BY article_id, other_id HAVING count(*) >= :shared;
