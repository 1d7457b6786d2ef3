-- The same content was read from a better address: the canonical one.
UPDATE articles SET page_id = %(page_id)s, url = %(url)s WHERE article_id = %(article_id)s;
