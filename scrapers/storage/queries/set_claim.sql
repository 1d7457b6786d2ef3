-- The article of a page claims an address that is another article's.
UPDATE articles SET claimed_url = %(claimed_url)s
WHERE page_id = %(page_id)s AND claimed_url IS DISTINCT FROM %(claimed_url)s;
