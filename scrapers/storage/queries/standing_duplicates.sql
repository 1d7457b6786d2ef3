SELECT article_id, duplicate_of FROM duplicates WHERE revoked_at IS NULL;
