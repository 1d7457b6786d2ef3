SELECT entries
FROM unnest(%(segment_ids)b::bigint[], %(blocks)b::bigint[]) AS wanted (segment_id, block)
JOIN key_blocks ON (key_blocks.segment_id, key_blocks.block) = (wanted.segment_id, wanted.block::integer);
