-- The page, if it is still leased with this token; nobody else can take it until the transaction ends.
SELECT page_id FROM pages
WHERE page_id = %(page_id)s AND state = 'leased' AND lease_token = %(lease_token)s
FOR UPDATE;
