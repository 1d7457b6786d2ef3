SELECT url, reason, discovered_at, discovered_in FROM pages WHERE duplicate_of = %(page_id)s ORDER BY page_id;
