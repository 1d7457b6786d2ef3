INSERT INTO dedup_queue (article_id) SELECT article_id FROM articles ORDER BY article_id;
