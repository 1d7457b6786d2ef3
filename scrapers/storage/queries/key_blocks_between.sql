SELECT entries FROM key_blocks
WHERE segment_id = %(segment_id)s AND block >= %(first)s AND block < %(last)s
ORDER BY block;
