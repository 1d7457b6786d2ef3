-- Full-text search: the words of every revision, in one table with one index, and the functions that ask it.
DROP FUNCTION search_text;

CREATE EXTENSION IF NOT EXISTS unaccent;

CREATE TEXT SEARCH CONFIGURATION warta (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION warta
    ALTER MAPPING FOR word, hword, hword_part, numword, numhword, hword_numpart WITH unaccent, simple;
COMMENT ON TEXT SEARCH CONFIGURATION warta IS 'Words as they are printed, in lower case and without accents; no stop words.';

CREATE FUNCTION stemmer_of(in_language text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE split_part(lower(in_language), '-', 1)
    WHEN 'id' THEN 'indonesian' WHEN 'en' THEN 'english'    WHEN 'ar' THEN 'arabic'     WHEN 'ca' THEN 'catalan'
    WHEN 'da' THEN 'danish'     WHEN 'de' THEN 'german'     WHEN 'el' THEN 'greek'      WHEN 'es' THEN 'spanish'
    WHEN 'eu' THEN 'basque'     WHEN 'fi' THEN 'finnish'    WHEN 'fr' THEN 'french'     WHEN 'ga' THEN 'irish'
    WHEN 'hi' THEN 'hindi'      WHEN 'hu' THEN 'hungarian'  WHEN 'hy' THEN 'armenian'   WHEN 'it' THEN 'italian'
    WHEN 'lt' THEN 'lithuanian' WHEN 'ne' THEN 'nepali'     WHEN 'nl' THEN 'dutch'      WHEN 'no' THEN 'norwegian'
    WHEN 'nb' THEN 'norwegian'  WHEN 'nn' THEN 'norwegian'  WHEN 'pt' THEN 'portuguese' WHEN 'ro' THEN 'romanian'
    WHEN 'ru' THEN 'russian'    WHEN 'sr' THEN 'serbian'    WHEN 'sv' THEN 'swedish'    WHEN 'ta' THEN 'tamil'
    WHEN 'tr' THEN 'turkish'    WHEN 'yi' THEN 'yiddish'
END;
COMMENT ON FUNCTION stemmer_of IS 'The Snowball stemmer of a language (BCP 47) that Postgres 15 and newer come with; null where there is none.';

-- The mark keeps stems and words apart, since the Indonesian stemmer makes other words of many: "pilu" of "pemilu". Its
-- stems of less than four letters are left out: it makes "ita" of "berita" and "ata" of "mengatakan".
CREATE FUNCTION search_stems(words text[], in_language text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    stemmer regdictionary := stemmer_of(in_language) || '_stem';
BEGIN
    RETURN ARRAY(
        SELECT '~' || stem
        FROM (SELECT word, (ts_lexize(stemmer, word))[1] AS stem FROM unnest(words) AS word OFFSET 0) AS made
        WHERE stem <> word AND length(stem) > CASE stemmer::text WHEN 'indonesian_stem' THEN 3 ELSE 0 END);
END
$$;
COMMENT ON FUNCTION search_stems IS 'The stems of words, each marked by a ~, where they differ from their words.';

CREATE FUNCTION search_words(headline text, article_body text[], in_language text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    body text := coalesce(array_to_string(article_body, E'\n'), '');
    words tsvector;
    most integer := 100000;
BEGIN
    LOOP
        BEGIN
            words := setweight(to_tsvector('public.warta', left(coalesce(headline, ''), 1000)), 'A')
                  || to_tsvector('public.warta', left(body, most));
            RETURN words || array_to_tsvector(search_stems(tsvector_to_array(words), coalesce(in_language, 'id')));
        EXCEPTION WHEN program_limit_exceeded THEN  -- a tsvector holds 1 MB of words
            most := most / 10;
        END;
    END LOOP;
END
$$;
COMMENT ON FUNCTION search_words IS 'What search finds an article by: its words with their places, those of the headline with weight A, and the stems of its language (Indonesian where that is unknown) without places. Of the body 100,000 characters count (10,000 where their words are more than a tsvector holds), words of over 2 KB do not.';

CREATE FUNCTION search_labels(outlet text, article_section text[], author text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY(
    SELECT DISTINCT left(label, 200)
    FROM (SELECT 'outlet ' || outlet
          UNION ALL SELECT 'section ' || lower(name) FROM unnest(article_section[:20]) AS name
          UNION ALL SELECT 'author ' || lower(name) FROM unnest(author[:20]) AS name) AS given (label)
    WHERE label IS NOT NULL);
COMMENT ON FUNCTION search_labels IS 'What search filters by, as labels: outlet, sections, authors; those that are null are left out.';

CREATE FUNCTION period_label(unit text, at timestamptz) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN unit || to_char(date_trunc(unit, at AT TIME ZONE 'UTC'), ' YYYY-MM-DD');
COMMENT ON FUNCTION period_label IS 'The label of a day, month or year (UTC), by which search goes back in time.';

CREATE FUNCTION period_labels(at timestamptz) RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE
RETURN ARRAY[period_label('day', at), period_label('month', at), period_label('year', at)];
COMMENT ON FUNCTION period_labels IS 'The labels of the day, month and year of a time.';

CREATE TABLE article_search (
    article_id   bigint NOT NULL REFERENCES articles ON DELETE CASCADE,
    revision     integer NOT NULL,
    at           timestamptz NOT NULL,
    outlet       text NOT NULL,
    stored_at    timestamptz NOT NULL,
    replaced_at  timestamptz,
    labels       text[] NOT NULL,
    words        tsvector NOT NULL,
    PRIMARY KEY (article_id, revision)
) WITH (toast_tuple_target = 128);
-- words out of line, so that what is read for its time is narrow; and as they are, since they hardly compress
ALTER TABLE article_search ALTER COLUMN words SET STORAGE EXTERNAL, ALTER COLUMN labels SET STORAGE MAIN;
COMMENT ON TABLE article_search IS 'The words of each revision, for search. A trigger of articles writes it, in the transaction that stores them.';
COMMENT ON COLUMN article_search.article_id IS 'The article.';
COMMENT ON COLUMN article_search.revision IS 'Its revision.';
COMMENT ON COLUMN article_search.at IS 'When it was published, by this revision; when it was first seen, where the page gives no time.';
COMMENT ON COLUMN article_search.outlet IS 'The outlet''s name.';
COMMENT ON COLUMN article_search.stored_at IS 'When the revision was stored.';
COMMENT ON COLUMN article_search.replaced_at IS 'When the next one was; null for the newest.';
COMMENT ON COLUMN article_search.labels IS 'What it is filtered by: newest, revised (where the article has several revisions), sample (one article in 64), and its day, month, year, outlet, sections and authors.';
COMMENT ON COLUMN article_search.words IS 'What search_words() makes of it.';

CREATE FUNCTION index_for_search() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    at timestamptz := coalesce(new.date_published, new.first_seen_at);
BEGIN
    IF tg_op = 'UPDATE' THEN
        IF new.revision = old.revision THEN
            RETURN NULL;
        END IF;
        UPDATE article_search
        SET replaced_at = now(), labels = array_remove(labels, 'newest') || '{revised}'::text[]
        WHERE article_id = new.article_id AND replaced_at IS NULL;
    END IF;
    INSERT INTO article_search (article_id, revision, at, outlet, stored_at, labels, words)
    VALUES (new.article_id, new.revision, at, new.outlet, now(),
            search_labels(new.outlet, new.article_section, new.author) || period_labels(at) || '{newest}'::text[]
            || CASE WHEN new.revision > 1 THEN '{revised}'::text[] END
            || CASE WHEN new.article_id % 64 = 0 THEN '{sample}'::text[] END,
            search_words(new.headline, new.article_body, new.in_language));
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION index_for_search IS 'Keeps the words of each new revision for search.';

INSERT INTO article_search (article_id, revision, at, outlet, stored_at, labels, words)
SELECT article_id, revision, at, outlet, revised_at,
       search_labels(outlet, article_section, author) || period_labels(at) || '{newest}'::text[]
       || CASE WHEN revision > 1 THEN '{revised}'::text[] END || CASE WHEN article_id % 64 = 0 THEN '{sample}'::text[] END,
       search_words(headline, article_body, in_language)
FROM articles CROSS JOIN LATERAL (SELECT coalesce(date_published, first_seen_at)) AS published (at);

INSERT INTO article_search (article_id, revision, at, outlet, stored_at, replaced_at, labels, words)
SELECT articles.article_id, revisions.revision, at, articles.outlet, revisions.stored_at, next.stored_at,
       search_labels(articles.outlet, was.article_section, was.author) || period_labels(at) || '{revised}'::text[],
       search_words(was.headline, was.article_body, was.in_language)
FROM articles
JOIN revisions USING (article_id)
JOIN revisions AS next ON (next.article_id, next.revision) = (revisions.article_id, revisions.revision + 1)
CROSS JOIN LATERAL jsonb_populate_record(NULL::articles, revisions.content) AS was
CROSS JOIN LATERAL (SELECT coalesce(was.date_published, articles.first_seen_at)) AS published (at)
WHERE revisions.revision < articles.revision;

CREATE INDEX article_search_words_idx ON article_search USING gin (words, labels);
COMMENT ON INDEX article_search_words_idx IS 'Words and labels together, so that a word of one outlet and month is found without the other outlets'' and months''.';

CREATE TRIGGER index_for_search AFTER INSERT OR UPDATE OF revision ON articles
FOR EACH ROW EXECUTE FUNCTION index_for_search();

CREATE FUNCTION search_term(term text, in_language text) RETURNS tsquery
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
    bare text := rtrim(term, '*');
    whole text := lower(unaccent(bare));
    words text[] := tsvector_to_array(to_tsvector('public.warta', bare));
    stem text;
BEGIN
    IF whole <> ALL (words) THEN
        RETURN phraseto_tsquery('public.warta', bare);  -- such as covid-19, which is two words
    ELSIF term LIKE '%*' AND length(whole) > 2 THEN
        RETURN array_to_tsvector(ARRAY[whole])::text || ':*';
    END IF;
    stem := coalesce(substr((search_stems(ARRAY[whole], in_language))[1], 2), whole);
    -- the word may itself be the stem of others, though the stemmer makes another one of it: of "ekonomi", "ekonom"
    RETURN replace(array_to_tsvector(ARRAY[whole, stem, '~' || stem, '~' || whole])::text, ''' ''', '''|''');
END
$$;
COMMENT ON FUNCTION search_term IS 'One word of a search, without quotes and minus: the word or its stem; all words that begin so where it ends in *.';

CREATE FUNCTION search_query(query text, in_language text DEFAULT 'id', OUT collected tsquery, OUT exact tsquery, OUT highlighted tsquery)
LANGUAGE plpgsql STABLE PARALLEL SAFE SET client_min_messages = warning AS $$
DECLARE
    given text[];  -- a minus or nothing, what stood in quotes, or a word
    term tsquery;
    words tsquery;
    all_collected tsquery := '';
    all_exact tsquery := '';
BEGIN
    collected := '';
    exact := '';
    FOR given IN SELECT regexp_matches(left(query, 1000) || ' or', '(-?)(?:"([^"]*)"?|([^\s"]+))', 'g') LOOP
        term := coalesce(search_term(given[3], in_language), phraseto_tsquery('public.warta', given[2]));
        words := CASE WHEN term::text LIKE '%<%>%' THEN plainto_tsquery('public.warta', coalesce(given[2], given[3])) ELSE term END;
        IF given[1] || lower(given[3]) = 'or' THEN
            IF querytree(all_collected) NOT IN ('', 'T') THEN  -- it asks for a word, and not only for the lack of one
                collected := collected || all_collected;
                exact := exact || all_exact;
            END IF;
            all_collected := '';
            all_exact := '';
        ELSIF given[1] = '' THEN
            all_collected := all_collected && words;
            all_exact := all_exact && term;
        ELSE
            all_collected := all_collected && CASE WHEN words = term THEN !! term ELSE '' END;
            all_exact := all_exact && !! term;
        END IF;
    END LOOP;
    highlighted := exact || websearch_to_tsquery(coalesce(stemmer_of(in_language), 'simple')::regconfig, left(query, 1000));
END
$$;
COMMENT ON FUNCTION search_query IS 'A search as people type it: words, "phrases", OR, -without, begin*; of its first 1,000 characters. `exact` is what was asked for; `collected` is the same without the order of words in phrases, which the index does not know; `highlighted` is what snippets mark. The first two are empty where no word is asked for.';

-- Back in time: some days, then months, then years, until enough is found. Left to itself the planner walks through the
-- times of all articles for a rare word, and sorts all matches of a common one. Without the index on words no search is
-- fast, hence enable_seqscan.
CREATE FUNCTION search_rows(
    collected tsquery, exact tsquery, filters text[], since timestamptz, until timestamptz,
    before_at timestamptz, before_id bigint, max_rows integer)
RETURNS TABLE (article_id bigint, revision integer)
LANGUAGE plpgsql STABLE ROWS 20 SET enable_seqscan = off SET jit = off AS $$
DECLARE
    has_phrase boolean := collected <> exact;
    untested integer := 5000;  -- rows whose words may still be read for a phrase
    period_end timestamptz := least(until, before_at + interval '1 microsecond');
    unit text;
    newest timestamptz;
    found record;
BEGIN
    FOR step IN 1 .. CASE WHEN numnode(collected) > 0 THEN 10000 ELSE 0 END LOOP  -- there are as many years at most
        SELECT max(coalesce(date_published, first_seen_at)) INTO newest
        FROM articles WHERE coalesce(date_published, first_seen_at) < period_end;
        EXIT WHEN newest IS NULL OR newest < since;
        unit := CASE WHEN step <= 3 THEN 'day' WHEN step <= 7 THEN 'month' ELSE 'year' END;
        FOR found IN
            SELECT newest_first.*, NOT has_phrase OR words @@ exact AS is_match
            FROM (
                SELECT stored.article_id, stored.revision, at, words
                FROM article_search AS stored
                WHERE words @@ collected AND labels @> (filters || period_label(unit, newest))
                  AND at >= since AND at < period_end AND (at, stored.article_id) < (before_at, before_id)
                ORDER BY at DESC, stored.article_id DESC
                LIMIT CASE WHEN has_phrase THEN untested ELSE max_rows END
            ) AS newest_first
        LOOP
            untested := untested - 1;
            IF found.is_match THEN
                article_id := found.article_id;
                revision := found.revision;
                RETURN NEXT;
                max_rows := max_rows - 1;
            END IF;
            EXIT WHEN max_rows = 0;
        END LOOP;
        EXIT WHEN max_rows = 0;
        IF has_phrase AND untested = 0 THEN
            RAISE WARNING 'a phrase is looked for in the newest 5,000 articles that have its words: these go back to %', found.at
            USING DETAIL = search_place(found.at, found.article_id), HINT = 'Give a shorter time, or go on after this place.';
            EXIT;
        END IF;
        period_end := date_trunc(unit, newest, 'UTC');
    END LOOP;
END
$$;
COMMENT ON FUNCTION search_rows IS 'The newest max_rows revisions before a place (time and article) that match what search_query() made, and have all the labels of `filters`. For a phrase the words of 5,000 are read at most; a warning says where that ended, its detail in the form of `place`.';

CREATE FUNCTION search_score(words tsvector, query tsquery, at timestamptz) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ln(1e-6 + ts_rank(words, query, 1)) + extract(epoch FROM at)::double precision / (30 * 86400);
COMMENT ON FUNCTION search_score IS 'How relevant an article is: its rank by the words, divided by e for each 30 days of age. As a logarithm, so that the order of two articles stays the same while time goes on.';

CREATE FUNCTION search_place(at timestamptz, article_id bigint) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || ',' || article_id;
COMMENT ON FUNCTION search_place IS 'Where an article stands in the order of time, as a search goes on from it.';

CREATE FUNCTION search_snippet(article_body text[], highlighted tsquery, in_language text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN ts_headline(
    coalesce(stemmer_of(in_language), 'simple')::regconfig, left(array_to_string(article_body, E'\n'), 10000), highlighted,
    'StartSel=«, StopSel=», MaxFragments=2, MinWords=8, MaxWords=20, FragmentDelimiter=" … "');
COMMENT ON FUNCTION search_snippet IS 'Up to two passages of the first 10,000 characters with what was found in « »; the beginning where it is further back. It is text, not HTML.';

CREATE FUNCTION search_articles(
    query text, outlet text DEFAULT NULL, since timestamptz DEFAULT '-infinity', until timestamptz DEFAULT 'infinity',
    section text DEFAULT NULL, author text DEFAULT NULL, in_language text DEFAULT 'id', by_relevance boolean DEFAULT false,
    max_articles integer DEFAULT 20, after text DEFAULT NULL)
RETURNS TABLE (article_id bigint, at timestamptz, outlet text, headline text, url text, snippet text,
               representative_id bigint, withdrawn_at timestamptz, place text)
LANGUAGE sql STABLE ROWS 20 SET enable_seqscan = off SET jit = off AS $$
    WITH given AS MATERIALIZED (
        SELECT collected, exact, highlighted, in_language AS asked_in, search_labels($2, ARRAY[section], ARRAY[author]) || '{newest}'::text[] AS filters,
               coalesce(CASE WHEN NOT by_relevance THEN split_part(after, ',', 1)::timestamptz END, 'infinity') AS before_at,
               coalesce(CASE WHEN by_relevance THEN split_part(after, ',', 1)::float8 END, 'infinity') AS below,
               coalesce(split_part(after, ',', 2)::bigint, 0) AS before_id
        FROM search_query(query, in_language)
    ), scored AS MATERIALIZED (
        SELECT article_id, words.at, before_id, below,
               CASE WHEN by_relevance THEN search_score(words, exact, words.at) END AS score
        FROM given
        CROSS JOIN search_rows(collected, exact, filters, since, until, before_at, before_id,
                               CASE WHEN by_relevance THEN 500 ELSE max_articles END)
        JOIN article_search AS words USING (article_id, revision)
    ), shown AS MATERIALIZED (
        SELECT article_id, at, score
        FROM scored
        WHERE score IS NULL OR (score, article_id) < (below, before_id)
        ORDER BY score DESC, at DESC, article_id DESC
        LIMIT max_articles
    )
    SELECT article_id, shown.at, articles.outlet, headline, canonical_url, search_snippet(article_body, highlighted, asked_in),
           representative_id, withdrawn_at, coalesce(score || ',' || article_id, search_place(shown.at, article_id))
    FROM given CROSS JOIN shown
    JOIN articles USING (article_id)
    LEFT JOIN clusters USING (article_id)
    ORDER BY score DESC, shown.at DESC, article_id DESC
$$;
COMMENT ON FUNCTION search_articles IS 'Search what articles say: SELECT * FROM search_articles(''kapal tanker''). The newest first; `by_relevance` puts the best of the newest 500 matches first. `after` takes the `place` of a row, and gives those that follow it. `until` is not included.';

CREATE FUNCTION search_revisions(
    query text, outlet text DEFAULT NULL, since timestamptz DEFAULT '-infinity', until timestamptz DEFAULT 'infinity',
    section text DEFAULT NULL, author text DEFAULT NULL, in_language text DEFAULT 'id',
    max_revisions integer DEFAULT 20, after text DEFAULT NULL)
RETURNS TABLE (article_id bigint, at timestamptz, outlet text, headline text, url text, snippet text, revision integer,
               appeared_at timestamptz, gone_at timestamptz, place text)
LANGUAGE sql STABLE ROWS 20 SET enable_seqscan = off SET jit = off AS $$
    WITH given AS MATERIALIZED (
        SELECT collected, exact, highlighted, in_language AS asked_in, search_labels($2, ARRAY[section], ARRAY[author]) || '{revised}'::text[] AS filters,
               coalesce(split_part(after, ',', 1)::timestamptz, 'infinity') AS before_at,
               coalesce(split_part(after, ',', 2)::bigint, 0) AS before_id
        FROM search_query(query, in_language)
    ), found AS MATERIALIZED (
        SELECT article_id, max(revision) AS revision
        FROM given
        CROSS JOIN search_rows(collected, exact, filters, since, until, before_at, before_id, max_revisions)
        GROUP BY article_id
    )
    SELECT article_id, newest.at, newest.outlet, articles.headline, canonical_url,
           search_snippet((jsonb_populate_record(NULL::articles, content)).article_body, highlighted, asked_in), newest.revision,
           appeared_at, gone_at, search_place(newest.at, article_id)
    FROM found
    JOIN article_search AS newest USING (article_id, revision)
    JOIN revisions USING (article_id, revision)
    JOIN articles USING (article_id)
    CROSS JOIN given
    CROSS JOIN LATERAL (
        SELECT min(said.stored_at), CASE WHEN bool_and(replaced_at IS NOT NULL) THEN max(replaced_at) END
        FROM article_search AS said
        WHERE said.article_id = articles.article_id AND said.words @@ exact
    ) AS said (appeared_at, gone_at)
    ORDER BY newest.at DESC, article_id DESC
$$;
COMMENT ON FUNCTION search_revisions IS 'Search all that revised articles ever said: when the first revision that says so was stored (`appeared_at`), and when the last one was replaced (`gone_at`; null where the newest still says so). The newest first; `after` takes the `place` of a row.';

CREATE FUNCTION count_matches(
    query text, outlet text DEFAULT NULL, since timestamptz DEFAULT '-infinity', until timestamptz DEFAULT 'infinity',
    section text DEFAULT NULL, author text DEFAULT NULL, in_language text DEFAULT 'id')
RETURNS TABLE (matches bigint, is_exact boolean)
LANGUAGE sql STABLE ROWS 1 SET client_min_messages = error AS $$
    WITH given AS MATERIALIZED (
        SELECT collected, exact, search_labels($2, ARRAY[section], ARRAY[author]) || '{newest}'::text[] AS filters
        FROM search_query(query, in_language)
    ), collected AS MATERIALIZED (
        SELECT count(*) AS rows
        FROM given CROSS JOIN search_rows(given.collected, given.collected, filters, since, until, 'infinity', 0, 1001)
    ), found AS MATERIALIZED (
        SELECT CASE WHEN given.collected = exact THEN collected.rows ELSE (
                   SELECT count(*) FROM search_rows(given.collected, exact, filters, since, until, 'infinity', 0, 1001)) END AS rows
        FROM given CROSS JOIN collected
    )
    SELECT CASE WHEN collected.rows <= 1000 THEN found.rows ELSE greatest(found.rows, 64 * (
               SELECT count(*) FROM search_rows(
                   given.collected, exact, filters || '{sample}'::text[], since, until, 'infinity', 0, 1000000))) END,
           collected.rows <= 1000
    FROM given CROSS JOIN collected CROSS JOIN found
$$;
COMMENT ON FUNCTION count_matches IS 'How many articles search_articles() would give in all: exactly up to 1,000, and else reckoned from a sample of one article in 64.';

CREATE FUNCTION count_matches_by_day(
    query text, since timestamptz, until timestamptz DEFAULT now(), outlet text DEFAULT NULL,
    section text DEFAULT NULL, author text DEFAULT NULL, in_language text DEFAULT 'id', time_zone text DEFAULT 'UTC')
RETURNS TABLE (day date, outlet text, matches bigint)
LANGUAGE sql STABLE SET enable_seqscan = off SET jit = off AS $$
    SELECT (at AT TIME ZONE time_zone)::date, article_search.outlet, count(*)
    FROM search_query(query, in_language)
    JOIN article_search ON words @@ exact
    WHERE labels @> (search_labels($4, ARRAY[section], ARRAY[author]) || '{newest}'::text[])
      AND labels && ARRAY(SELECT period_label('month', month) FROM generate_series(date_trunc('month', since, 'UTC'), until, '1 month') AS month)
      AND at >= since AND at < until
    GROUP BY 1, 2
    ORDER BY 1, 2
$$;
COMMENT ON FUNCTION count_matches_by_day IS 'Articles that match a search, by day of publication (in `time_zone`) and outlet; days without any are left out. Reads all matches of that time.';
