-- The lease ends. A stored page is due again at the next of its looks, counted from when it was first stored.
UPDATE pages
SET state = %(state)s, reason = %(reason)s, deferred_until = now() + %(defer)s, duplicate_of = %(duplicate_of)s,
    attempts = CASE WHEN %(state)s <> 'deferred' THEN 0 WHEN %(is_attempt)s THEN attempts ELSE attempts - 1 END,
    last_fetched_at = CASE WHEN %(fetched)s THEN now() ELSE last_fetched_at END,
    first_stored_at = CASE WHEN %(state)s IN ('stored', 'unchanged') THEN coalesce(first_stored_at, now()) ELSE first_stored_at END,
    next_fetch_at = CASE WHEN %(state)s IN ('stored', 'unchanged')
                         THEN (SELECT min(look) FROM (SELECT coalesce(first_stored_at, now()) + wait AS look
                                                      FROM unnest(%(revisit)s::interval[]) AS wait) AS looks
                               WHERE look > now()) END,
    etag = CASE WHEN %(is_same)s OR %(state)s = 'deferred' THEN etag ELSE %(etag)s END,
    last_modified = CASE WHEN %(is_same)s OR %(state)s = 'deferred' THEN last_modified ELSE %(last_modified)s END,
    content_sha256 = CASE WHEN %(is_same)s OR %(state)s = 'deferred' THEN content_sha256 ELSE %(content_sha256)s END,
    lease_token = NULL, lease_expires_at = NULL
WHERE page_id = %(page_id)s;
