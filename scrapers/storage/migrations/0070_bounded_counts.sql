-- A count costs no more than its search: of many articles only a sample is looked at, without its order in time.
DROP FUNCTION count_matches;

CREATE FUNCTION count_matches(
    query text, outlet text DEFAULT NULL, since timestamptz DEFAULT '-infinity', until timestamptz DEFAULT 'infinity',
    section text DEFAULT NULL, author text DEFAULT NULL, in_language text DEFAULT 'id',
    OUT matches bigint, OUT accuracy text)
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET jit = off SET client_min_messages = error AS $$
DECLARE
    collected tsquery;
    exact tsquery;
    filters text[] := search_labels(outlet, ARRAY[section], ARRAY[author]);
    looked_at integer;
    found integer;
BEGIN
    SELECT asked.collected, asked.exact INTO collected, exact FROM search_query(query, in_language) AS asked;
    SELECT count(*), count(*) FILTER (WHERE collected = exact OR words @@ exact) INTO looked_at, found
    FROM (
        SELECT words FROM article_search
        WHERE words @@ collected AND labels @> (filters || '{sample}'::text[])
          AND replaced_at IS NULL AND at >= since AND at < until
        LIMIT 400
    ) AS sample;
    matches := 64 * found;
    accuracy := CASE looked_at WHEN 400 THEN 'at_least' ELSE 'estimate' END;
    IF found < 8 THEN  -- too few to reckon with
        SELECT count(*), count(*) FILTER (WHERE collected = exact OR words @@ exact) INTO looked_at, found
        FROM (
            SELECT words FROM article_search
            WHERE words @@ collected AND labels @> filters AND replaced_at IS NULL AND at >= since AND at < until
            LIMIT 2000
        ) AS some_or_all;
        IF looked_at < 2000 OR found > matches THEN
            matches := found;
            accuracy := CASE looked_at WHEN 2000 THEN 'at_least' ELSE 'exact' END;
        END IF;
    END IF;
END
$$;
COMMENT ON FUNCTION count_matches IS 'How many articles search_articles() would give in all, and how that is known: `exact` up to some 500; `estimate`, from a sample of one article in 64, within a third at 500 and closer for more; `at_least` where more than 400 of the sample would have to be looked at: 25,600 and more, and fewer for phrases of frequent words.';
