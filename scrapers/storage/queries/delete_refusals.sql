-- Pairs that were refused once and are near-duplicates now.
DELETE FROM refused_pairs
WHERE (a, b) IN (SELECT least(x, y), greatest(x, y)
                 FROM unnest(%(copies)s::bigint[], %(originals)s::bigint[]) AS accepted (x, y));
