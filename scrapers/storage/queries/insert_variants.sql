-- Add other addresses of pages that the ledger has: they are never fetched.
INSERT INTO pages (outlet, url, url_sha256, state, reason, run_id, discovered_in, duplicate_of)
SELECT DISTINCT ON (variant.url_sha256)
       %(outlet)s, variant.url, variant.url_sha256, 'duplicate', 'url_variant', %(run_id)s, variant.discovered_in,
       page.page_id
FROM unnest(%(url_sha256)b::bytea[], %(url)b::text[], %(variant_of)b::bytea[], %(discovered_in)s::text[])
     AS variant (url_sha256, url, variant_of, discovered_in)
JOIN pages AS page ON page.url_sha256 = variant.variant_of
WHERE NOT EXISTS (SELECT FROM pages AS known WHERE known.url_sha256 = variant.url_sha256)
ORDER BY variant.url_sha256
ON CONFLICT (url_sha256) DO NOTHING
RETURNING page_id;
