INSERT INTO key_blocks (segment_id, block, entries)
SELECT %(segment_id)s, %(first)s + place - 1, entries
FROM unnest(%(blocks)b::bytea[]) WITH ORDINALITY AS written (entries, place);
