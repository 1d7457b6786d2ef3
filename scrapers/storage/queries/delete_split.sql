-- A merge takes back what set the two apart: a split, and a person's revocation of a decision.
WITH forgiven AS (
    UPDATE duplicates SET revoked_by = 'dedup'
    WHERE (article_id, duplicate_of) IN ((%(a)s, %(b)s), (%(b)s, %(a)s)) AND revoked_at IS NOT NULL AND revoked_by <> 'dedup'
)
DELETE FROM splits WHERE (a, b) = (%(a)s, %(b)s);
