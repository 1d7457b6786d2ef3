INSERT INTO snapshots (sha256, body, bytes) VALUES (%(sha256)s, %(body)s, %(bytes)s) ON CONFLICT DO NOTHING;
