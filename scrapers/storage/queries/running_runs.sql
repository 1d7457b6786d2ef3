SELECT run_id FROM runs WHERE outlet = %(outlet)s AND outcome = 'running' AND run_id <> %(own)s;
