-- Signatures with 32 keys instead of 48: all articles are signed anew.
INSERT INTO dedup_queue (article_id) SELECT article_id FROM signatures ORDER BY article_id;
