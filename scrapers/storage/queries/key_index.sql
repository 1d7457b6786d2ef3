-- The key index, which says which articles have a sketch key: its segments, and the frequent keys.

-- name: list_key_segments
-- All segments, without fence keys, filters and entries.
SELECT segment_id, level, entries, octet_length(fence_keys) / 8 AS blocks, filter IS NOT NULL FROM key_segments ORDER BY segment_id;

-- name: read_fence_keys
-- The fence keys of segments: the first key of each block.
SELECT segment_id, fence_keys FROM key_segments WHERE segment_id = ANY (%(segment_ids)s);

-- name: read_key_filters
-- The filters of segments in parts of `part` bytes, each with its first byte and the length of the whole filter.
SELECT segment_id, first, octet_length(filter), substring(filter FROM first + 1 FOR %(part)s)
FROM key_segments CROSS JOIN generate_series(0, octet_length(filter) - 1, %(part)s) AS first
WHERE segment_id = ANY (%(segment_ids)s);

-- name: find_key_blocks
-- The wanted blocks of each segment: those in its slice of `blocks`, which ascends.
SELECT entries
FROM unnest(%(segment_ids)b::bigint[], %(firsts)b::integer[], %(lasts)b::integer[]) AS wanted (segment_id, first, last)
CROSS JOIN LATERAL (  -- neighbours in the index are found without a search for each
    SELECT entries FROM key_blocks
    WHERE key_blocks.segment_id = wanted.segment_id AND block = ANY ((%(blocks)b::integer[])[first:last])
) AS found;

-- name: key_blocks_between
-- The blocks of a segment from `first` to the one before `last`.
SELECT entries FROM key_blocks
WHERE segment_id = %(segment_id)s AND block >= %(first)s AND block < %(last)s
ORDER BY block;

-- name: next_key_segment
-- The number of a new segment.
SELECT nextval(pg_get_serial_sequence('key_segments', 'segment_id'));

-- name: insert_key_blocks
-- Write blocks of a segment, numbered from `first` on.
INSERT INTO key_blocks (segment_id, block, entries)
SELECT %(segment_id)s, %(first)s + place - 1, entries
FROM unnest(%(blocks)b::bytea[]) WITH ORDINALITY AS written (entries, place);

-- name: insert_key_segment
-- Write a segment's own row, after its blocks.
INSERT INTO key_segments (segment_id, level, entries, fence_keys, filter) OVERRIDING SYSTEM VALUE
VALUES (%(segment_id)s, %(level)s, %(entries)s, %(fence_keys)b, %(filter)b);

-- name: delete_key_segments
-- Delete segments, with their blocks.
WITH blocks AS (DELETE FROM key_blocks WHERE segment_id = ANY (%(segment_ids)s))
DELETE FROM key_segments WHERE segment_id = ANY (%(segment_ids)s);

-- name: frequent_keys_of
-- Which of the keys are frequent, and whether they are backfilled.
SELECT key, is_backfilled FROM frequent_keys WHERE key = ANY (%(keys)b);

-- name: keys_become_frequent
-- Which keys more than `most` articles have now, of entries that say who had them once.
SELECT key
FROM unnest(%(keys)b::bigint[], %(article_ids)b::bigint[]) AS entry (key, article_id)
JOIN signatures USING (article_id)
WHERE signatures.keys @> ARRAY[key]
GROUP BY key
HAVING count(DISTINCT article_id) > %(most)s;

-- name: insert_frequent_keys
-- Make keys frequent; in their order, so that two workers can't deadlock.
INSERT INTO frequent_keys (key) SELECT key FROM unnest(%(keys)s::bigint[]) AS frequent (key) ORDER BY key ON CONFLICT DO NOTHING;

-- name: backfill_frequent_keys
-- Enter the articles that had a key before it became frequent and still have it.
INSERT INTO frequent_key_articles (key, words, article_id)
SELECT key, signatures.words, article_id
FROM unnest(%(keys)b::bigint[], %(article_ids)b::bigint[]) AS entry (key, article_id)
JOIN signatures USING (article_id)
WHERE signatures.keys @> ARRAY[key]
ORDER BY key, signatures.words, article_id
ON CONFLICT DO NOTHING;

-- name: mark_backfilled
-- Mark frequent keys as backfilled; locked in the order of keys, so that two workers can't deadlock.
UPDATE frequent_keys SET is_backfilled = true
WHERE key IN (SELECT key FROM frequent_keys WHERE key = ANY (%(keys)s::bigint[]) AND NOT is_backfilled ORDER BY key FOR NO KEY UPDATE);

-- name: insert_frequent_key_articles
-- Enter newly signed articles under their frequent keys.
INSERT INTO frequent_key_articles (key, words, article_id)
SELECT key, words, article_id
FROM unnest(%(keys)b::bigint[], %(words)b::integer[], %(article_ids)b::bigint[]) AS entry (key, words, article_id)
ON CONFLICT DO NOTHING;

-- name: nearest_in_length
-- The articles nearest in length to given ones, under each of their frequent keys.
SELECT DISTINCT mine.article_id, other.article_id
FROM unnest(%(keys)b::bigint[], %(words)b::integer[], %(article_ids)b::bigint[]) AS mine (key, words, article_id)
CROSS JOIN LATERAL (
    (SELECT article_id FROM frequent_key_articles AS shorter
     WHERE shorter.key = mine.key AND (shorter.words, shorter.article_id) < (mine.words, mine.article_id)
     ORDER BY words DESC, article_id DESC LIMIT %(neighbours)s)
    UNION ALL
    (SELECT article_id FROM frequent_key_articles AS longer
     WHERE longer.key = mine.key AND (longer.words, longer.article_id) > (mine.words, mine.article_id)
     ORDER BY words, article_id LIMIT %(neighbours)s)
) AS other;
