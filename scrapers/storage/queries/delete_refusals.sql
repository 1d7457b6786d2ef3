DELETE FROM refusals WHERE article_id = ANY (%(article_ids)s);
