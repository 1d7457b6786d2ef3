-- The first keys of the blocks of segments.
SELECT segment_id, firsts FROM key_segments WHERE segment_id = ANY (%(segment_ids)s);
