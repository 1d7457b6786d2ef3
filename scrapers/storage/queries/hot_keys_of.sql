SELECT DISTINCT key FROM hot_keys JOIN unnest(%(keys)s::text[]) AS mine (keys) ON hot_keys.key = ANY (mine.keys::bigint[]);
