-- An article goes under another address than the one that it claims.
UPDATE articles
SET canonical_url = %(canonical_url)s, canonical_url_sha256 = %(canonical_url_sha256)s, url_key = %(url_key)s,
    claimed_url = coalesce(%(claimed_url)s, claimed_url),
    provenance = jsonb_set(provenance, '{canonical_url}', to_jsonb(%(rule)s::text))
WHERE article_id = %(article_id)s;
