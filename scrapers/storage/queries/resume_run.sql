-- A run that was taken for dead, and was not.
UPDATE runs SET outcome = 'running', reason = NULL, finished_at = NULL
WHERE run_id = %(run_id)s AND outcome = 'interrupted';
