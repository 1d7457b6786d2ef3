-- The wanted blocks of each segment, which ascend from the first to the last of their places.
SELECT entries
FROM unnest(%(segment_ids)b::bigint[], %(firsts)b::integer[], %(lasts)b::integer[]) AS wanted (segment_id, first, last)
CROSS JOIN LATERAL (  -- neighbours in the index are found without a search for each
    SELECT entries FROM key_blocks
    WHERE key_blocks.segment_id = wanted.segment_id AND block = ANY ((%(blocks)b::integer[])[first:last])
) AS found;
