UPDATE duplicates SET revoked_at = now(), revoked_by = %(decided_by)s
WHERE (article_id, duplicate_of) IN ((%(a)s, %(b)s), (%(b)s, %(a)s)) AND revoked_at IS NULL;
