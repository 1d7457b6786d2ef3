-- Leases end. A stored page is due again at the next of its looks, counted from when it was first stored.
UPDATE pages
SET state = ended.state, reason = ended.reason, duplicate_of = ended.duplicate_of,
    deferred_until = now() + ended.defer_s * interval '1 second',
    attempts = CASE WHEN ended.state <> 'deferred' THEN 0 WHEN ended.is_attempt THEN attempts ELSE attempts - 1 END,
    last_fetched_at = CASE WHEN ended.fetched THEN now() ELSE last_fetched_at END,
    first_stored_at = CASE WHEN ended.state IN ('stored', 'unchanged') THEN coalesce(first_stored_at, now())
                           ELSE first_stored_at END,
    next_fetch_at = CASE WHEN ended.state IN ('stored', 'unchanged')
                         THEN (SELECT min(look) FROM (SELECT coalesce(first_stored_at, now()) + wait * interval '1 second' AS look
                                                      FROM unnest(ended.revisit_s) AS wait) AS looks
                               WHERE look > now()) END,
    etag = CASE WHEN ended.is_same OR ended.state = 'deferred' THEN pages.etag ELSE ended.etag END,
    last_modified = CASE WHEN ended.is_same OR ended.state = 'deferred' THEN pages.last_modified ELSE ended.last_modified END,
    content_sha256 = CASE WHEN ended.is_same OR ended.state = 'deferred' THEN pages.content_sha256
                          ELSE ended.content_sha256 END,
    lease_token = NULL, lease_expires_at = NULL
FROM json_to_recordset(%(pages)s) AS ended (
    page_id bigint, state text, reason text, duplicate_of bigint, defer_s float, is_attempt boolean, fetched boolean,
    revisit_s float[], is_same boolean, etag text, last_modified text, content_sha256 bytea)
WHERE pages.page_id = ended.page_id;
