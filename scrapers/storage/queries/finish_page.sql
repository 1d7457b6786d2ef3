UPDATE pages
SET state = %(state)s, reason = %(reason)s, deferred_until = now() + %(defer)s, next_fetch_at = now() + %(revisit)s,
    duplicate_of = %(duplicate_of)s, attempts = CASE WHEN %(state)s = 'deferred' THEN attempts ELSE 0 END,
    last_fetched_at = CASE WHEN %(fetched)s THEN now() ELSE last_fetched_at END,
    lease_token = NULL, lease_expires_at = NULL
WHERE page_id = %(page_id)s;
