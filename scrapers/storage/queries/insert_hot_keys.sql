INSERT INTO hot_keys (key) SELECT key FROM unnest(%(keys)s::bigint[]) AS hot (key) ORDER BY key ON CONFLICT DO NOTHING;
