UPDATE hosts SET probed_at = now(), not_found_words = %(words)s, not_found_url = %(url)s WHERE host = %(host)s;
