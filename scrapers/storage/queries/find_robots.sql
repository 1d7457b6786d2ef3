SELECT body, error,
       extract(epoch FROM now() - fetched_at)::float AS age_s,
       extract(epoch FROM now() - asked_at)::float AS asked_s
FROM robots
WHERE origin = %(origin)s;
