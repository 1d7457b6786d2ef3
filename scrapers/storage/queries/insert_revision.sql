-- A further revision of an article, whose row is that of the revision already.
INSERT INTO revisions (article_id, revision, run_id, snapshot_sha256, url, content, provenance, changes)
SELECT article_id, revision, %(run_id)s, %(snapshot_sha256)s, url, %(content)s, provenance, %(changes)s
FROM articles
WHERE article_id = %(article_id)s;
