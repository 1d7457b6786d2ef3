-- Those of the pages that are still leased with these tokens; nobody else can take them until the transaction ends.
SELECT pages.page_id
FROM pages
JOIN unnest(%(page_id)s::bigint[], %(lease_token)s::bigint[]) AS held (page_id, lease_token)
     ON pages.page_id = held.page_id AND pages.lease_token = held.lease_token
WHERE pages.state = 'leased'
FOR UPDATE OF pages;
