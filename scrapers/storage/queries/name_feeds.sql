-- Add the feeds that an outlet declares, or that another feed names; one that is declared stays so.
INSERT INTO feeds AS feed (outlet, url, kind, parameters, announced_lastmod, found_in, declaration)
SELECT DISTINCT ON (url) %(outlet)s, url, kind, parameters, lastmod, %(found_in)s::bigint, %(declaration)s
FROM unnest(%(url)s::text[], %(kind)s::text[], %(parameters)s::jsonb[], %(lastmod)s::text[])
     AS named (url, kind, parameters, lastmod)
ORDER BY url
ON CONFLICT (url) DO UPDATE
SET outlet = excluded.outlet, kind = excluded.kind, parameters = excluded.parameters, declaration = excluded.declaration,
    announced_lastmod = excluded.announced_lastmod, found_in = excluded.found_in, retired_at = NULL
WHERE (feed.outlet, feed.kind, feed.parameters, feed.announced_lastmod, feed.found_in, feed.retired_at, feed.declaration)
      IS DISTINCT FROM (excluded.outlet, excluded.kind, excluded.parameters, excluded.announced_lastmod,
                        excluded.found_in, excluded.retired_at, excluded.declaration)
  AND (excluded.found_in IS NULL OR feed.found_in IS NOT NULL OR feed.retired_at IS NOT NULL
       OR feed.outlet <> excluded.outlet);
