-- All segments of keys, without what is in them.
SELECT segment_id, level, entries, octet_length(firsts) / 8 AS blocks, filter IS NOT NULL FROM key_segments ORDER BY segment_id;
