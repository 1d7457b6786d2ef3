DELETE FROM clusters WHERE article_id = ANY (%(article_ids)s) AND NOT article_id = ANY (%(kept)s);
