SELECT nextval(pg_get_serial_sequence('key_segments', 'segment_id'));
