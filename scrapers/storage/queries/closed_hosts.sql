-- Hosts that get no request now.
SELECT host, closed_until, closed_because, failures
FROM hosts
WHERE closed_until > now()
ORDER BY host;
