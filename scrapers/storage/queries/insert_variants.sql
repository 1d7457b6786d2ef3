-- Add other addresses of pages that the ledger has: they are never fetched.
INSERT INTO pages (outlet, url, url_sha256, state, reason, run_id, discovered_in, duplicate_of)
SELECT DISTINCT ON (sha256(convert_to(variant.url, 'UTF8')))
       %(outlet)s, variant.url, sha256(convert_to(variant.url, 'UTF8')), 'duplicate', 'url_variant', %(run_id)s,
       variant.discovered_in, page.page_id
FROM unnest(%(url)s::text[], %(variant_of)s::text[], %(discovered_in)s::text[])
     AS variant (url, variant_of, discovered_in)
JOIN pages AS page ON page.url_sha256 = sha256(convert_to(variant.variant_of, 'UTF8'))
ORDER BY sha256(convert_to(variant.url, 'UTF8'))
ON CONFLICT (url_sha256) DO NOTHING
RETURNING page_id;
