-- The first keys of the blocks of segments, and the filters of those to be held.
SELECT segment_id, firsts, CASE WHEN segment_id = ANY (%(held)s::bigint[]) THEN filter END
FROM key_segments
WHERE segment_id = ANY (%(segment_ids)s);
