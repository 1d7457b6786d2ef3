-- Begin a run; a run that is begun again (a retried task with the same id) is refused by the key.
INSERT INTO runs (run_id, outlet, kind, requested_by, arguments)
VALUES (%(run_id)s, %(outlet)s, %(kind)s, %(requested_by)s, %(arguments)s);
