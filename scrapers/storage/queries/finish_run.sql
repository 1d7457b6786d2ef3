UPDATE runs
SET outcome = %(outcome)s, reason = %(reason)s, finished_at = clock_timestamp()
WHERE run_id = %(run_id)s AND outcome = 'running';
