SELECT DISTINCT key FROM hot_keys JOIN unnest(%(keys)b::text[]) AS mine (keys) ON hot_keys.key = ANY (mine.keys::bigint[]);
