DELETE FROM clusters WHERE NOT article_id = ANY (%(article_ids)s);
