SELECT run_id, outlet, kind, requested_by, outcome, reason, started_at, finished_at, discovered,
       (SELECT coalesce(jsonb_object_agg(state, pages), '{}')
        FROM (SELECT state, count(*) AS pages FROM run_pages WHERE run_pages.run_id = runs.run_id GROUP BY state) AS counts
       ) AS counts
FROM runs
WHERE run_id = %(run_id)s;
