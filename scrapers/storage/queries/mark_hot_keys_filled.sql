UPDATE hot_keys SET filled = true
WHERE key IN (SELECT key FROM hot_keys WHERE key = ANY (%(keys)s::bigint[]) AND NOT filled ORDER BY key FOR NO KEY UPDATE);
