-- Add what was announced to the ledger. A page that is known already takes over what was announced of it,
-- and is due again when it was announced as modified since it was last looked at. What is known and says nothing new
-- is left alone: most links are.
WITH announced AS (
    SELECT DISTINCT ON (url_sha256) url_sha256, url, discovered_in, title, author, published, modified
    FROM unnest(%(url_sha256)b::bytea[], %(url)b::text[], %(discovered_in)s::text[], %(title)s::text[],
                %(author)s::text[], %(published)s::timestamptz[], %(modified)s::timestamptz[])
         AS link (url_sha256, url, discovered_in, title, author, published, modified)
    ORDER BY url_sha256, modified DESC NULLS LAST
), news AS (
    SELECT announced.*
    FROM announced
    LEFT JOIN pages AS page USING (url_sha256)
    WHERE page.page_id IS NULL
       OR announced.title IS DISTINCT FROM page.announced_title AND announced.title IS NOT NULL
       OR string_to_array(announced.author, E'\n') IS DISTINCT FROM page.announced_author AND announced.author IS NOT NULL
       OR announced.published IS DISTINCT FROM page.announced_published AND announced.published IS NOT NULL
       OR announced.modified IS DISTINCT FROM page.announced_modified AND announced.modified IS NOT NULL
)
INSERT INTO pages AS page (outlet, url, url_sha256, state, run_id, discovered_in,
                           announced_title, announced_author, announced_published, announced_modified)
SELECT %(outlet)s, url, url_sha256, 'discovered', %(run_id)s, discovered_in, title,
       string_to_array(author, E'\n'), published, modified
FROM news
ORDER BY url_sha256
ON CONFLICT (url_sha256) DO UPDATE
SET announced_title = coalesce(excluded.announced_title, page.announced_title),
    announced_author = coalesce(excluded.announced_author, page.announced_author),
    announced_published = coalesce(excluded.announced_published, page.announced_published),
    announced_modified = coalesce(excluded.announced_modified, page.announced_modified),
    next_fetch_at = CASE WHEN page.state IN ('stored', 'unchanged')
                              AND excluded.announced_modified > coalesce(page.announced_modified, page.last_fetched_at)
                         THEN now() ELSE page.next_fetch_at END
RETURNING xmax = 0 AS is_new;
