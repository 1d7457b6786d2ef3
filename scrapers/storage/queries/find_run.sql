SELECT runs.run_id, runs.outlet, kind, requested_by, outcome, reason, runs.started_at, finished_at, discovered,
       (SELECT coalesce(jsonb_object_agg(state, pages), '{}')
        FROM (SELECT state, count(*) AS pages FROM run_pages WHERE run_pages.run_id = runs.run_id GROUP BY state) AS counts
       ) AS counts,
       requests, bytes::bigint AS bytes, not_modified, bytes_saved::bigint AS bytes_saved,
       ARRAY(SELECT concat_ws(' ', alert || ':', subject || ':', message) FROM alerts WHERE alerts.outlet = runs.outlet
             ORDER BY 1) AS alerts
FROM runs
JOIN run_transfer USING (run_id)
WHERE runs.run_id = %(run_id)s;
