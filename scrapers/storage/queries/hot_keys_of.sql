SELECT key, filled FROM hot_keys WHERE key = ANY (%(keys)b);
