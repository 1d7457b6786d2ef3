-- Those of the pages that are still leased with these tokens; nobody else can take them until the transaction ends.
-- What feeds say of them meanwhile comes along.
SELECT pages.page_id, announced_title, announced_author,
       CASE WHEN announced_published BETWEEN '1900-01-01 00:00+00' AND '9999-01-01 00:00+00' THEN announced_published END
FROM pages
JOIN unnest(%(page_id)s::bigint[], %(lease_token)s::bigint[]) AS held (page_id, lease_token)
     ON pages.page_id = held.page_id AND pages.lease_token = held.lease_token
WHERE pages.state = 'leased'
FOR UPDATE OF pages;
