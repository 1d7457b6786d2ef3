SELECT outlet, alert, since, subject, message
FROM discovery_alerts
WHERE %(outlet)s::text IS NULL OR outlet = %(outlet)s;
