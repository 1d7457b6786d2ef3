UPDATE hosts SET probed_at = now(), not_found_words = %(words)s WHERE host = %(host)s;
