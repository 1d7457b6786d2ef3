INSERT INTO key_segments (segment_id, level, entries, firsts, filter) OVERRIDING SYSTEM VALUE
VALUES (%(segment_id)s, %(level)s, %(entries)s, %(firsts)b, %(filter)b);
