-- What the host reserves, unless it was asked too long ago.
SELECT tdm_rules FROM hosts WHERE host = %(host)s AND tdm_asked_at > now() - %(fresh)s;
