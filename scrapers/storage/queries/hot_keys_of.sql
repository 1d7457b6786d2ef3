SELECT key FROM hot_keys WHERE key = ANY (%(keys)b);
