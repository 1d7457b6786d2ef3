INSERT INTO splits (a, b, decided_by) VALUES (%(a)s, %(b)s, %(decided_by)s) ON CONFLICT DO NOTHING;
