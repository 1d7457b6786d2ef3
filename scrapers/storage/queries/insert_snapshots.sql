-- Keep bodies, but those that are kept already.
INSERT INTO snapshots (sha256, body, bytes)
SELECT * FROM unnest(%(sha256)b::bytea[], %(body)b::bytea[], %(bytes)s::integer[])
ON CONFLICT DO NOTHING;
