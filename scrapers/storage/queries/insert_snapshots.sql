-- Keep bodies, but those that are kept already.
INSERT INTO snapshots (sha256, body, bytes)
SELECT * FROM unnest(%(sha256)s::bytea[], %(body)s::bytea[], %(bytes)s::integer[])
ON CONFLICT DO NOTHING;
