INSERT INTO revisions (article_id, revision, run_id, snapshot_sha256, url, content, provenance, changes)
VALUES (%(article_id)s, %(revision)s, %(run_id)s, %(snapshot_sha256)s, %(url)s, %(content)s, %(provenance)s, %(changes)s);
