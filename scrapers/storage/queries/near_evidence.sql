-- What copies that stand as near-duplicates are to their originals, and how much of each is in the other.
SELECT copy, original, evidence ->> 'kind', (evidence ->> 'a_in_b')::float8, (evidence ->> 'b_in_a')::float8
FROM unnest(%(copies)s::bigint[], %(originals)s::bigint[]) AS pair (copy, original)
CROSS JOIN LATERAL (  -- one at a time, whatever the planner thinks of how many stand
    SELECT evidence FROM duplicates
    WHERE (article_id, duplicate_of, layer) = (copy, original, 'near_duplicate') AND revoked_at IS NULL
    LIMIT 1
) AS decision;
