-- Which of the keys have more articles than a key may have.
SELECT key FROM unnest(%(keys)s::bigint[]) AS mine (key)
WHERE (SELECT count(*) FROM signatures WHERE keys @> ARRAY[mine.key]) > %(most)s;
