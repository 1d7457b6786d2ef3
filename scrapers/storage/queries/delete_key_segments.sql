WITH blocks AS (DELETE FROM key_blocks WHERE segment_id = ANY (%(segment_ids)s))
DELETE FROM key_segments WHERE segment_id = ANY (%(segment_ids)s);
