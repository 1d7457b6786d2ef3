-- The filters of segments in parts of so many bytes: where each begins, how long the whole is.
SELECT segment_id, first, octet_length(filter), substring(filter FROM first + 1 FOR %(part)s)
FROM key_segments CROSS JOIN generate_series(0, octet_length(filter) - 1, %(part)s) AS first
WHERE segment_id = ANY (%(segment_ids)s);
