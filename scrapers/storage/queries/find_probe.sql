-- What the host answered when it was asked for a page that cannot exist, unless that is too long ago.
SELECT not_found_words, not_found_url FROM hosts WHERE host = %(host)s AND probed_at > now() - %(fresh)s;
