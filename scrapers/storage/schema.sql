-- What the migrations arrive at, as pg_dump 18 tells it; `make schema` writes it anew.

CREATE EXTENSION IF NOT EXISTS fuzzystrmatch WITH SCHEMA public;
COMMENT ON EXTENSION fuzzystrmatch IS 'determine similarities and distance between strings';

CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public;
COMMENT ON EXTENSION unaccent IS 'text search dictionary that removes accents';

CREATE FUNCTION clusters_as_of(moment timestamp with time zone) RETURNS TABLE(article_id bigint, representative_id bigint, kind text)
    LANGUAGE sql STABLE
    AS $$
    SELECT DISTINCT ON (article_id) article_id, representative_id, kind  -- transactions may end in another order than they began
    FROM (
        SELECT article_id, representative_id, kind, since FROM clusters WHERE since <= moment
        UNION ALL
        SELECT article_id, representative_id, kind, since FROM former_clusters WHERE since <= moment AND until > moment
    ) AS stood
    ORDER BY article_id, since DESC
$$;
COMMENT ON FUNCTION clusters_as_of(moment timestamp with time zone) IS 'The clusters as they were at a moment: article_id, representative_id and kind as in table clusters.';

CREATE FUNCTION count_matches(query text, outlet text DEFAULT NULL::text, since timestamp with time zone DEFAULT '-infinity'::timestamp with time zone, until timestamp with time zone DEFAULT 'infinity'::timestamp with time zone, section text DEFAULT NULL::text, author text DEFAULT NULL::text, in_language text DEFAULT 'id'::text, OUT matches bigint, OUT accuracy text) RETURNS record
    LANGUAGE plpgsql STABLE
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    SET client_min_messages TO 'error'
    AS $$
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
COMMENT ON FUNCTION count_matches(query text, outlet text, since timestamp with time zone, until timestamp with time zone, section text, author text, in_language text, OUT matches bigint, OUT accuracy text) IS 'How many articles search_articles() would give in all, and how that is known: `exact` up to some 500; `estimate`, from a sample of one article in 64, within a third at 500 and closer for more; `at_least` where more than 400 of the sample would have to be looked at: 25,600 and more, and fewer for phrases of frequent words.';

CREATE FUNCTION count_matches_by_day(query text, since timestamp with time zone, until timestamp with time zone DEFAULT now(), outlet text DEFAULT NULL::text, section text DEFAULT NULL::text, author text DEFAULT NULL::text, in_language text DEFAULT 'id'::text, time_zone text DEFAULT 'UTC'::text) RETURNS TABLE(day date, outlet text, matches bigint)
    LANGUAGE sql STABLE
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $_$
    SELECT (at AT TIME ZONE time_zone)::date, article_search.outlet, count(*)
    FROM search_query(query, in_language)
    JOIN article_search ON words @@ exact
    WHERE labels @> (search_labels($4, ARRAY[section], ARRAY[author]) || '{newest}'::text[])
      AND labels && ARRAY(SELECT period_label('month', month) FROM generate_series(date_trunc('month', since, 'UTC'), until, '1 month') AS month)
      AND at >= since AND at < until
    GROUP BY 1, 2
    ORDER BY 1, 2
$_$;
COMMENT ON FUNCTION count_matches_by_day(query text, since timestamp with time zone, until timestamp with time zone, outlet text, section text, author text, in_language text, time_zone text) IS 'Articles that match a search, by day of publication (in `time_zone`) and outlet; days without any are left out. Reads all matches of that time.';

CREATE FUNCTION count_pages() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO page_counts (outlet, state, reason, pages, last_discovered_at)
        SELECT outlet, state, reason, count(*), max(discovered_at) FROM added GROUP BY outlet, state, reason;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO page_counts (outlet, state, reason, pages, last_discovered_at)
        SELECT side.outlet, side.state, side.reason, sum(side.pages), max(side.discovered_at)
        FROM changed
        JOIN before USING (page_id)
        CROSS JOIN LATERAL (VALUES
            (changed.outlet, changed.state, changed.reason, 1, changed.discovered_at),
            (before.outlet, before.state, before.reason, -1, NULL)) AS side (outlet, state, reason, pages, discovered_at)
        WHERE (changed.outlet, changed.state, changed.reason) IS DISTINCT FROM (before.outlet, before.state, before.reason)
        GROUP BY side.outlet, side.state, side.reason;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO page_counts (outlet, state, reason, pages)
        SELECT outlet, state, reason, -count(*) FROM removed GROUP BY outlet, state, reason;
    ELSE
        INSERT INTO page_counts (outlet, state, reason, pages)
        SELECT outlet, state, reason, -sum(pages) FROM page_counts GROUP BY outlet, state, reason;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION count_pages() IS 'Keeps page_counts in step with pages, whoever writes.';

CREATE FUNCTION create_roles() RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['warta_writer', 'warta_reader'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', role);
            EXECUTE format('GRANT %I TO CURRENT_USER', role);
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN NULL;  -- roles are the server's; another database has them
            WHEN insufficient_privilege THEN
                RAISE NOTICE 'role % was not made: that needs CREATEROLE; see docs/how-to/deploy.md', role;
        END;
    END LOOP;
    REVOKE EXECUTE ON FUNCTION create_roles, grant_to_roles FROM PUBLIC;
END
$$;
COMMENT ON FUNCTION create_roles() IS 'Makes the roles warta_writer and warta_reader where the server lacks them; grant_to_roles gives them their rights. A restored backup needs both.';

CREATE FUNCTION describe_edit(changes jsonb, OUT kinds text[], OUT words_added integer, OUT words_removed integer, OUT paragraphs_removed integer) RETURNS record
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
DECLARE
    old_paragraphs text[] := array(SELECT jsonb_array_elements_text(changes #> '{article_body,0}'));
    new_paragraphs text[] := array(SELECT jsonb_array_elements_text(changes #> '{article_body,1}'));
    old_body text := array_to_string(old_paragraphs, ' ');
    new_body text := array_to_string(new_paragraphs, ' ');
    old_headline text := changes #>> '{headline,0}';
    new_headline text := changes #>> '{headline,1}';
    gone text[] := array(SELECT edit_words(old_body) EXCEPT ALL SELECT edit_words(new_body));
    come text[] := array(SELECT edit_words(new_body) EXCEPT ALL SELECT edit_words(old_body));
    gone_of_headline text[] := array(SELECT edit_words(old_headline) EXCEPT ALL SELECT edit_words(new_headline));
    come_of_headline text[] := array(SELECT edit_words(new_headline) EXCEPT ALL SELECT edit_words(old_headline));
    is_body_rewritten boolean := changes ? 'article_body' AND NOT is_respelled(old_body, new_body, gone, come);
    is_headline_rewritten boolean := changes ? 'headline'
        AND NOT is_respelled(old_headline, new_headline, gone_of_headline, come_of_headline);
BEGIN
    words_added := cardinality(come);
    words_removed := cardinality(gone);
    SELECT count(*) INTO paragraphs_removed
    FROM (
        SELECT FROM unnest(old_paragraphs) WITH ORDINALITY AS old (paragraph, position)
        CROSS JOIN edit_words(paragraph) AS word
        LEFT JOIN (SELECT DISTINCT unnest(gone)) AS lost (word) USING (word)
        GROUP BY position
        HAVING count(*) >= 5 AND count(lost.word) >= 0.6 * count(*)
    ) AS removed;
    kinds := array_remove(ARRAY[
        CASE WHEN paragraphs_removed > 0 THEN 'paragraph_removed' END,
        CASE WHEN EXISTS (SELECT FROM unnest(gone || gone_of_headline) AS word WHERE word ~ '[0-9]')
              AND EXISTS (SELECT FROM unnest(come || come_of_headline) AS word WHERE word ~ '[0-9]') THEN 'figures_changed' END,
        CASE WHEN is_headline_rewritten THEN 'headline_rewrite' END,
        CASE WHEN is_body_rewritten THEN 'update' END,
        CASE WHEN changes ?| '{headline,article_body}' AND NOT is_body_rewritten AND NOT is_headline_rewritten THEN 'typo' END,
        CASE WHEN NOT changes ?| '{headline,article_body}' THEN 'details' END
    ], NULL);
END
$$;
COMMENT ON FUNCTION describe_edit(changes jsonb, OUT kinds text[], OUT words_added integer, OUT words_removed integer, OUT paragraphs_removed integer) IS 'What a revision''s changes amount to: its kinds, the weightiest first, and how many words and paragraphs of the body came and went. Words that only moved are neither. A paragraph is removed where at least 60 % of its words, of five or more, are gone.';

CREATE FUNCTION duplicates_of(article bigint) RETURNS TABLE(article_id bigint, is_representative boolean, layer text, score real, evidence jsonb, decided_at timestamp with time zone)
    LANGUAGE sql STABLE
    AS $$
    SELECT member.article_id, member.article_id = member.representative_id, decision.layer, decision.score,
           decision.evidence, decision.decided_at
    FROM clusters AS mine
    JOIN clusters AS member USING (representative_id)
    LEFT JOIN duplicates AS decision
           ON decision.revoked_at IS NULL
          AND (decision.article_id, decision.duplicate_of) IN ((article, member.article_id), (member.article_id, article))
    WHERE mine.article_id = article AND member.article_id <> article
    ORDER BY member.article_id, decision.score DESC
$$;
COMMENT ON FUNCTION duplicates_of(article bigint) IS 'The other articles of an article''s cluster, each with the standing decisions that join the two directly; none where others join them.';

CREATE FUNCTION edit_words(given text) RETURNS SETOF text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT word
    FROM string_to_table(regexp_replace(lower(given), '\s+', ' ', 'g'), ' ') AS part,
         btrim(part, '.,;:!?…"''()[]“”‘’«»–—-') AS word
    WHERE word <> ''
$$;
COMMENT ON FUNCTION edit_words(given text) IS 'The words of a text in lower case, without the punctuation around them.';

CREATE FUNCTION forbid_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed', tg_table_name;
END
$$;
COMMENT ON FUNCTION forbid_change() IS 'Makes a table append-only.';

CREATE FUNCTION grant_to_roles() RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'warta_reader') THEN
        GRANT USAGE ON SCHEMA public TO warta_reader;
        GRANT SELECT ON ALL TABLES IN SCHEMA public TO warta_reader;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO warta_reader;
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'warta_writer') THEN
        GRANT USAGE ON SCHEMA public TO warta_writer;
        GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO warta_writer;
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO warta_writer;
        REVOKE INSERT, UPDATE ON migrations FROM warta_writer;
        -- what dedup makes anew, what is bounded, and what people remove again; all else is kept
        GRANT DELETE ON clusters, containments, dedup_queue, key_blocks, key_segments, refusals, splits, story_queue,
                        story_splits, untaken_announcements, watch_arrivals, watches, watch_matches, deliveries,
                        delivery_tries, webhooks, api_tokens
        TO warta_writer;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE ON TABLES TO warta_writer;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO warta_writer;
    END IF;
END
$$;
COMMENT ON FUNCTION grant_to_roles() IS 'Gives the roles warta_writer and warta_reader what they need; to be called again where they were made after this.';

CREATE FUNCTION index_for_search() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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
COMMENT ON FUNCTION index_for_search() IS 'Keeps the words of each new revision for search.';

CREATE FUNCTION is_respelled(before text, after text, gone text[], come text[]) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT regexp_replace(lower(before), '[^[:alnum:]]+', '', 'g') = regexp_replace(lower(after), '[^[:alnum:]]+', '', 'g')
        OR cardinality(gone) = cardinality(come) AND cardinality(gone) BETWEEN 1 AND 5
       AND NOT EXISTS (
           SELECT FROM unnest(gone) AS old (word)
           WHERE word ~ '[0-9]' OR NOT EXISTS (
               SELECT FROM unnest(come) AS new (word)
               WHERE levenshtein_less_equal(left(old.word, 50), left(new.word, 50), 2)
                     <= CASE WHEN length(old.word) < 5 THEN 1 ELSE 2 END))
$$;
COMMENT ON FUNCTION is_respelled(before text, after text, gone text[], come text[]) IS 'Whether two texts differ by spelling only: by punctuation, capitals and spaces, or in up to five words by a letter or two each. `gone` and `come` are the words that only one of them has.';

CREATE FUNCTION keep_former_address() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO former_addresses (article_id, canonical_url, until) VALUES (old.article_id, old.canonical_url, now());
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION keep_former_address() IS 'Keeps the address that an article had until now.';

CREATE FUNCTION keep_former_cluster() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF old.since < now() THEN  -- what came and went in one transaction was never seen
        INSERT INTO former_clusters (article_id, representative_id, kind, since, until)
        VALUES (old.article_id, old.representative_id, old.kind, old.since, now());
    END IF;
    IF tg_op = 'DELETE' THEN
        RETURN old;
    END IF;
    new.since = now();
    RETURN new;
END
$$;
COMMENT ON FUNCTION keep_former_cluster() IS 'Keeps what a changed or deleted row of clusters was, and until when.';

CREATE FUNCTION move_in_search() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE article_search
    SET outlet = new.outlet, labels = array_replace(labels, left('outlet ' || old.outlet, 200), left('outlet ' || new.outlet, 200))
    WHERE article_id = new.article_id;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION move_in_search() IS 'Keeps the outlet of an article''s words in step with articles.';

CREATE FUNCTION next_message(every text, time_of_day time without time zone, time_zone text, after timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE every WHEN 'hourly'::text THEN (date_trunc('hour'::text, after, 'UTC'::text) + '01:00:00'::interval) WHEN 'daily'::text THEN (SELECT min((((day.day)::date + next_message.time_of_day) AT TIME ZONE next_message.time_zone)) AS min FROM generate_series((((next_message.after AT TIME ZONE next_message.time_zone))::date)::timestamp with time zone, ((((next_message.after AT TIME ZONE next_message.time_zone))::date + 1))::timestamp with time zone, '1 day'::interval) day(day) WHERE ((((day.day)::date + next_message.time_of_day) AT TIME ZONE next_message.time_zone) > next_message.after)) ELSE NULL::timestamp with time zone END;
COMMENT ON FUNCTION next_message(every text, time_of_day time without time zone, time_zone text, after timestamp with time zone) IS 'When the next collected message of a watch is due; null where it tells at once.';

CREATE TABLE pages (
    page_id bigint NOT NULL,
    outlet text NOT NULL,
    url text NOT NULL,
    url_sha256 bytea NOT NULL,
    state text NOT NULL,
    reason text,
    run_id uuid NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    lease_token bigint,
    lease_expires_at timestamp with time zone,
    deferred_until timestamp with time zone,
    next_fetch_at timestamp with time zone,
    duplicate_of bigint,
    discovered_at timestamp with time zone DEFAULT now() NOT NULL,
    discovered_in text,
    announced_title text,
    announced_published timestamp with time zone,
    announced_modified timestamp with time zone,
    last_fetched_at timestamp with time zone,
    first_stored_at timestamp with time zone,
    etag text,
    last_modified text,
    content_sha256 bytea,
    depth smallint DEFAULT 0 NOT NULL,
    announced_author text[],
    CONSTRAINT pages_check CHECK (((state = 'leased'::text) = ((lease_token IS NOT NULL) AND (lease_expires_at IS NOT NULL)))),
    CONSTRAINT pages_check1 CHECK (((state <> 'deferred'::text) OR ((deferred_until IS NOT NULL) AND (reason IS NOT NULL)))),
    CONSTRAINT pages_check2 CHECK (((state <> ALL (ARRAY['rejected'::text, 'quarantined'::text, 'gave_up'::text, 'duplicate'::text])) OR (reason IS NOT NULL))),
    CONSTRAINT pages_state_check CHECK ((state = ANY (ARRAY['discovered'::text, 'leased'::text, 'stored'::text, 'unchanged'::text, 'duplicate'::text, 'rejected'::text, 'deferred'::text, 'quarantined'::text, 'gave_up'::text])))
);
COMMENT ON TABLE pages IS 'The ledger: every URL ever discovered, in exactly one state. Rows are never deleted.';
COMMENT ON COLUMN pages.page_id IS 'Key.';
COMMENT ON COLUMN pages.outlet IS 'The outlet''s name.';
COMMENT ON COLUMN pages.url IS 'The URL as discovered, without its fragment.';
COMMENT ON COLUMN pages.url_sha256 IS 'SHA-256 of url; what makes it unique.';
COMMENT ON COLUMN pages.state IS 'discovered → leased → stored | unchanged | duplicate | rejected | deferred | quarantined | gave_up.';
COMMENT ON COLUMN pages.reason IS 'Why it is in this state: http_404, robots, not_an_article, url_variant, the error, …';
COMMENT ON COLUMN pages.run_id IS 'The run that discovered or last leased it.';
COMMENT ON COLUMN pages.attempts IS 'Leases since the last one that ended well.';
COMMENT ON COLUMN pages.lease_token IS 'Fencing token of the present lease; a result with another token is refused.';
COMMENT ON COLUMN pages.lease_expires_at IS 'After this the page may be leased by another.';
COMMENT ON COLUMN pages.deferred_until IS 'A deferred page is not asked for before this.';
COMMENT ON COLUMN pages.next_fetch_at IS 'When a stored page is due for another look; null: when its announcement changes.';
COMMENT ON COLUMN pages.duplicate_of IS 'The page that this one is another address of.';
COMMENT ON COLUMN pages.discovered_at IS 'When it was first seen, by the database''s clock.';
COMMENT ON COLUMN pages.discovered_in IS 'The feed or page whose link led here; null for a URL given by hand.';
COMMENT ON COLUMN pages.announced_title IS 'The title that the feed gave.';
COMMENT ON COLUMN pages.announced_published IS 'The time of publication that the feed gave.';
COMMENT ON COLUMN pages.announced_modified IS 'The last modification that the feed or sitemap gave; a later one makes the page due.';
COMMENT ON COLUMN pages.last_fetched_at IS 'When its last answer came.';
COMMENT ON COLUMN pages.first_stored_at IS 'When its article was first stored; another look is due an hour, six hours, a day and a week later, or as the outlet declares.';
COMMENT ON COLUMN pages.etag IS 'ETag of the answer that the article was read from; null where that took several.';
COMMENT ON COLUMN pages.last_modified IS 'Last-Modified of that answer, as sent.';
COMMENT ON COLUMN pages.content_sha256 IS 'SHA-256 of its body; the same body is not read again.';
COMMENT ON COLUMN pages.depth IS 'Links between it and a feed: 0 where a feed announced it, one more than the page in which it was found. Set by a trigger.';
COMMENT ON COLUMN pages.announced_author IS 'Who wrote it, as the feed names them.';

CREATE FUNCTION page_id_of(url text) RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (SELECT pages.page_id FROM pages WHERE (pages.url_sha256 = sha256(convert_to(page_id_of.url, 'UTF8'::name))));
COMMENT ON FUNCTION page_id_of(url text) IS 'The page of an address as the ledger has it; null where it lacks it. `warta why` takes an address in any form.';

CREATE FUNCTION period_label(unit text, at timestamp with time zone) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (unit || to_char(date_trunc(unit, (at AT TIME ZONE 'UTC'::text)), ' YYYY-MM-DD'::text));
COMMENT ON FUNCTION period_label(unit text, at timestamp with time zone) IS 'The label of a day, month or year (UTC), by which search goes back in time.';

CREATE FUNCTION period_labels(at timestamp with time zone) RETURNS text[]
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN ARRAY[period_label('day'::text, at), period_label('month'::text, at), period_label('year'::text, at)];
COMMENT ON FUNCTION period_labels(at timestamp with time zone) IS 'The labels of the day, month and year of a time.';

CREATE FUNCTION queue_for_dedup() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO dedup_queue (article_id) VALUES (new.article_id);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION queue_for_dedup() IS 'Lets dedup look at each new revision.';

CREATE FUNCTION queue_for_watches() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF EXISTS (SELECT FROM watches WHERE paused_at IS NULL) THEN
        INSERT INTO watch_arrivals (article_id, revision) VALUES (new.article_id, new.revision);
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION queue_for_watches() IS 'Lets watches see what publishers wrote; what Warta read again by newer rules is no news.';

CREATE FUNCTION queue_pair_for_dedup() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO dedup_queue (article_id) VALUES (new.article_id), (new.duplicate_of);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION queue_pair_for_dedup() IS 'Lets dedup see that a person has taken a decision back.';

CREATE FUNCTION record_changed_run_pages() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO run_pages (run_id, page_id, state, reason)
    SELECT changed.run_id, changed.page_id, changed.state, changed.reason
    FROM changed
    JOIN before USING (page_id)
    WHERE (changed.run_id, changed.state, changed.reason) IS DISTINCT FROM (before.run_id, before.state, before.reason)
    ON CONFLICT (run_id, page_id) DO UPDATE
    SET state = excluded.state, reason = excluded.reason, at = clock_timestamp();
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION record_changed_run_pages() IS 'Keeps run_pages in step with pages that change, whoever writes.';

CREATE FUNCTION record_edit() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO revision_edits (article_id, revision, at, kinds, words_added, words_removed, paragraphs_removed)
    SELECT new.article_id, new.revision, new.stored_at, kinds, words_added, words_removed, paragraphs_removed
    FROM describe_edit(new.changes);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION record_edit() IS 'Describes each revision that a publisher made, in revision_edits.';

CREATE FUNCTION record_new_run_pages() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO run_pages (run_id, page_id, state, reason)
    SELECT run_id, page_id, state, reason FROM added;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION record_new_run_pages() IS 'Keeps run_pages in step with pages that are added, whoever writes.';

CREATE FUNCTION record_withdrawal() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE withdrawals SET restored_at = now()
    WHERE article_id = new.article_id AND restored_at IS NULL AND new.withdrawn_at IS NULL;
    IF new.withdrawn_at IS NOT NULL THEN
        INSERT INTO withdrawals (article_id, withdrawn_at, reason)
        VALUES (new.article_id, new.withdrawn_at, new.withdrawn_reason)
        ON CONFLICT (article_id, withdrawn_at) DO UPDATE SET restored_at = NULL;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION record_withdrawal() IS 'Keeps withdrawals in step with articles, whoever writes.';

CREATE FUNCTION search_articles(query text, outlet text DEFAULT NULL::text, since timestamp with time zone DEFAULT '-infinity'::timestamp with time zone, until timestamp with time zone DEFAULT 'infinity'::timestamp with time zone, section text DEFAULT NULL::text, author text DEFAULT NULL::text, in_language text DEFAULT 'id'::text, by_relevance boolean DEFAULT false, max_articles integer DEFAULT 20, after text DEFAULT NULL::text) RETURNS TABLE(article_id bigint, at timestamp with time zone, outlet text, headline text, url text, snippet text, representative_id bigint, withdrawn_at timestamp with time zone, place text)
    LANGUAGE sql STABLE ROWS 20
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $_$
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
$_$;
COMMENT ON FUNCTION search_articles(query text, outlet text, since timestamp with time zone, until timestamp with time zone, section text, author text, in_language text, by_relevance boolean, max_articles integer, after text) IS 'Search what articles say: SELECT * FROM search_articles(''kapal tanker''). The newest first; `by_relevance` puts the best of the newest 500 matches first. `after` takes the `place` of a row, and gives those that follow it. `until` is not included.';

CREATE FUNCTION search_labels(outlet text, article_section text[], author text[]) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ARRAY(SELECT DISTINCT "left"(given.label, 200) AS "left" FROM (SELECT ('outlet '::text || search_labels.outlet) AS "?column?" UNION ALL SELECT ('section '::text || lower(name.name)) FROM unnest((search_labels.article_section)[:20]) name(name) UNION ALL SELECT ('author '::text || lower(name.name)) FROM unnest((search_labels.author)[:20]) name(name)) given(label) WHERE (given.label IS NOT NULL));
COMMENT ON FUNCTION search_labels(outlet text, article_section text[], author text[]) IS 'What search filters by, as labels: outlet, sections, authors; those that are null are left out.';

CREATE FUNCTION search_place(at timestamp with time zone, article_id bigint) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN ((to_char((at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'::text) || ','::text) || article_id);
COMMENT ON FUNCTION search_place(at timestamp with time zone, article_id bigint) IS 'Where an article stands in the order of time, as a search goes on from it.';

CREATE FUNCTION search_query(query text, in_language text DEFAULT 'id'::text, OUT collected tsquery, OUT exact tsquery, OUT highlighted tsquery) RETURNS record
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET client_min_messages TO 'warning'
    AS $$
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
        term := coalesce(search_term(given[3], in_language), phraseto_tsquery('warta', given[2]));
        words := CASE WHEN term::text LIKE '%<%>%' THEN plainto_tsquery('warta', coalesce(given[2], given[3])) ELSE term END;
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
COMMENT ON FUNCTION search_query(query text, in_language text, OUT collected tsquery, OUT exact tsquery, OUT highlighted tsquery) IS 'A search as people type it: words, "phrases", OR, -without, begin*; of its first 1,000 characters. `exact` is what was asked for; `collected` is the same without the order of words in phrases, which the index does not know; `highlighted` is what snippets mark. The first two are empty where no word is asked for.';

CREATE FUNCTION search_revisions(query text, outlet text DEFAULT NULL::text, since timestamp with time zone DEFAULT '-infinity'::timestamp with time zone, until timestamp with time zone DEFAULT 'infinity'::timestamp with time zone, section text DEFAULT NULL::text, author text DEFAULT NULL::text, in_language text DEFAULT 'id'::text, max_revisions integer DEFAULT 20, after text DEFAULT NULL::text) RETURNS TABLE(article_id bigint, at timestamp with time zone, outlet text, headline text, url text, snippet text, revision integer, appeared_at timestamp with time zone, gone_at timestamp with time zone, place text)
    LANGUAGE sql STABLE ROWS 20
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $_$
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
$_$;
COMMENT ON FUNCTION search_revisions(query text, outlet text, since timestamp with time zone, until timestamp with time zone, section text, author text, in_language text, max_revisions integer, after text) IS 'Search all that revised articles ever said: when the first revision that says so was stored (`appeared_at`), and when the last one was replaced (`gone_at`; null where the newest still says so). The newest first; `after` takes the `place` of a row.';

CREATE FUNCTION search_rows(collected tsquery, exact tsquery, filters text[], since timestamp with time zone, until timestamp with time zone, before_at timestamp with time zone, before_id bigint, max_rows integer) RETURNS TABLE(article_id bigint, revision integer)
    LANGUAGE plpgsql STABLE ROWS 20
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
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
COMMENT ON FUNCTION search_rows(collected tsquery, exact tsquery, filters text[], since timestamp with time zone, until timestamp with time zone, before_at timestamp with time zone, before_id bigint, max_rows integer) IS 'The newest max_rows revisions before a place (time and article) that match what search_query() made, and have all the labels of `filters`. For a phrase the words of 5,000 are read at most; a warning says where that ended, its detail in the form of `place`.';

CREATE FUNCTION search_score(words tsvector, query tsquery, at timestamp with time zone) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (ln(((0.000001)::double precision + ts_rank(words, query, 1))) + ((EXTRACT(epoch FROM at))::double precision / ((30 * 86400))::double precision));
COMMENT ON FUNCTION search_score(words tsvector, query tsquery, at timestamp with time zone) IS 'How relevant an article is: its rank by the words, divided by e for each 30 days of age. As a logarithm, so that the order of two articles stays the same while time goes on.';

CREATE FUNCTION stemmer_of(in_language text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE split_part(lower(in_language), '-'::text, 1) WHEN 'id'::text THEN 'indonesian'::text WHEN 'en'::text THEN 'english'::text WHEN 'ar'::text THEN 'arabic'::text WHEN 'ca'::text THEN 'catalan'::text WHEN 'da'::text THEN 'danish'::text WHEN 'de'::text THEN 'german'::text WHEN 'el'::text THEN 'greek'::text WHEN 'es'::text THEN 'spanish'::text WHEN 'eu'::text THEN 'basque'::text WHEN 'fi'::text THEN 'finnish'::text WHEN 'fr'::text THEN 'french'::text WHEN 'ga'::text THEN 'irish'::text WHEN 'hi'::text THEN 'hindi'::text WHEN 'hu'::text THEN 'hungarian'::text WHEN 'hy'::text THEN 'armenian'::text WHEN 'it'::text THEN 'italian'::text WHEN 'lt'::text THEN 'lithuanian'::text WHEN 'ne'::text THEN 'nepali'::text WHEN 'nl'::text THEN 'dutch'::text WHEN 'no'::text THEN 'norwegian'::text WHEN 'nb'::text THEN 'norwegian'::text WHEN 'nn'::text THEN 'norwegian'::text WHEN 'pt'::text THEN 'portuguese'::text WHEN 'ro'::text THEN 'romanian'::text WHEN 'ru'::text THEN 'russian'::text WHEN 'sr'::text THEN 'serbian'::text WHEN 'sv'::text THEN 'swedish'::text WHEN 'ta'::text THEN 'tamil'::text WHEN 'tr'::text THEN 'turkish'::text WHEN 'yi'::text THEN 'yiddish'::text ELSE NULL::text END;
COMMENT ON FUNCTION stemmer_of(in_language text) IS 'The Snowball stemmer of a language (BCP 47) that Postgres 15 and newer come with; null where there is none.';

CREATE FUNCTION search_snippet(article_body text[], highlighted tsquery, in_language text) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN ts_headline((COALESCE(stemmer_of(in_language), 'simple'::text))::regconfig, "left"(array_to_string(article_body, '
'::text), 10000), highlighted, 'StartSel=«, StopSel=», MaxFragments=2, MinWords=8, MaxWords=20, FragmentDelimiter=" … "'::text);
COMMENT ON FUNCTION search_snippet(article_body text[], highlighted tsquery, in_language text) IS 'Up to two passages of the first 10,000 characters with what was found in « »; the beginning where it is further back. It is text, not HTML.';

CREATE FUNCTION search_stems(words text[], in_language text) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
DECLARE
    stemmer regdictionary := stemmer_of(in_language) || '_stem';
BEGIN
    RETURN ARRAY(
        SELECT '~' || stem
        FROM (SELECT word, (ts_lexize(stemmer, word))[1] AS stem FROM unnest(words) AS word OFFSET 0) AS made
        WHERE stem <> word AND length(stem) > CASE stemmer::text WHEN 'indonesian_stem' THEN 3 ELSE 0 END);
END
$$;
COMMENT ON FUNCTION search_stems(words text[], in_language text) IS 'The stems of words, each marked by a ~, where they differ from their words.';

CREATE FUNCTION search_term(term text, in_language text) RETURNS tsquery
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    AS $$
DECLARE
    bare text := rtrim(term, '*');
    whole text := lower(unaccent(bare));
    words text[] := tsvector_to_array(to_tsvector('warta', bare));
    stem text;
BEGIN
    IF whole <> ALL (words) THEN
        RETURN phraseto_tsquery('warta', bare);  -- such as covid-19, which is two words
    ELSIF term LIKE '%*' AND length(whole) > 2 THEN
        RETURN array_to_tsvector(ARRAY[whole])::text || ':*';
    END IF;
    stem := coalesce(substr((search_stems(ARRAY[whole], in_language))[1], 2), whole);
    -- the word may itself be the stem of others, though the stemmer makes another one of it: of "ekonomi", "ekonom"
    RETURN replace(array_to_tsvector(ARRAY[whole, stem, '~' || stem, '~' || whole])::text, ''' ''', '''|''');
END
$$;
COMMENT ON FUNCTION search_term(term text, in_language text) IS 'One word of a search, without quotes and minus: the word or its stem; all words that begin so where it ends in *.';

CREATE FUNCTION search_words(headline text, article_body text[], in_language text) RETURNS tsvector
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
DECLARE
    body text := coalesce(array_to_string(article_body, E'\n'), '');
    words tsvector;
    most integer := 100000;
BEGIN
    LOOP
        BEGIN
            words := setweight(to_tsvector('warta', left(coalesce(headline, ''), 1000)), 'A')
                  || to_tsvector('warta', left(body, most));
            RETURN words || array_to_tsvector(search_stems(tsvector_to_array(words), coalesce(in_language, 'id')));
        EXCEPTION WHEN program_limit_exceeded THEN  -- a tsvector holds 1 MB of words
            most := most / 10;
        END;
    END LOOP;
END
$$;
COMMENT ON FUNCTION search_words(headline text, article_body text[], in_language text) IS 'What search finds an article by: its words with their places, those of the headline with weight A, and the stems of its language (Indonesian where that is unknown) without places. Of the body 100,000 characters count (10,000 where their words are more than a tsvector holds), words of over 2 KB do not.';

CREATE FUNCTION set_page_depth() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    SELECT depth + 1 INTO new.depth
    FROM pages
    WHERE url_sha256 = sha256(convert_to(new.discovered_in, 'UTF8'));
    IF new.depth IS NULL THEN
        new.depth := 0;
    ELSIF new.depth > 30 AND new.state = 'discovered' THEN
        new.state := 'rejected';
        new.reason := 'trap: depth';
    END IF;
    RETURN new;
END
$$;
COMMENT ON FUNCTION set_page_depth() IS 'Counts the links that led to a new page; one behind more than 30 of them is rejected.';

CREATE FUNCTION sum_up_page_counts(outlet text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
    WITH held AS (
        SELECT ctid FROM page_counts WHERE page_counts.outlet = $1 FOR UPDATE SKIP LOCKED
    ), taken AS (
        DELETE FROM page_counts WHERE ctid = ANY (ARRAY(SELECT ctid FROM held))
        RETURNING page_counts.outlet, state, reason, pages, last_discovered_at
    )
    INSERT INTO page_counts (outlet, state, reason, pages, last_discovered_at)
    SELECT taken.outlet, state, reason, sum(pages), max(last_discovered_at)
    FROM taken
    GROUP BY taken.outlet, state, reason
$_$;
COMMENT ON FUNCTION sum_up_page_counts(outlet text) IS 'Puts one row in place of those that an outlet has for a state and reason, but for rows that another session is summing up.';

CREATE TEXT SEARCH CONFIGURATION warta (
    PARSER = pg_catalog."default" );

ALTER TEXT SEARCH CONFIGURATION warta
    ADD MAPPING FOR asciiword WITH simple;

ALTER TEXT SEARCH CONFIGURATION warta
    ADD MAPPING FOR word WITH unaccent, simple;

ALTER TEXT SEARCH CONFIGURATION warta
    ADD MAPPING FOR numword WITH unaccent, simple;

ALTER TEXT SEARCH CONFIGURATION warta
    ADD MAPPING FOR email WITH simple;

ALTER TEXT SEARCH CONFIGURATION warta
    ADD MAPPING FOR url WITH simple;

ALTER TEXT SEARCH CONFIGURATION warta
    ADD MAPPING FOR host WITH simple;

ALTER TEXT SEARCH CONFIGURATION warta
    ADD MAPPING FOR sfloat WITH simple;

ALTER TEXT SEARCH CONFIGURATION warta
    ADD MAPPING FOR version WITH simple;

ALTER TEXT SEARCH CONFIGURATION warta
    ADD MAPPING FOR hword_numpart WITH unaccent, simple;

ALTER TEXT SEARCH CONFIGURATION warta
    ADD MAPPING FOR hword_part WITH unaccent, simple;

ALTER TEXT SEARCH CONFIGURATION warta
    ADD MAPPING FOR hword_asciipart WITH simple;

ALTER TEXT SEARCH CONFIGURATION warta
    ADD MAPPING FOR numhword WITH unaccent, simple;

ALTER TEXT SEARCH CONFIGURATION warta
    ADD MAPPING FOR asciihword WITH simple;

ALTER TEXT SEARCH CONFIGURATION warta
    ADD MAPPING FOR hword WITH unaccent, simple;

ALTER TEXT SEARCH CONFIGURATION warta
    ADD MAPPING FOR url_path WITH simple;

ALTER TEXT SEARCH CONFIGURATION warta
    ADD MAPPING FOR file WITH simple;

ALTER TEXT SEARCH CONFIGURATION warta
    ADD MAPPING FOR "float" WITH simple;

ALTER TEXT SEARCH CONFIGURATION warta
    ADD MAPPING FOR "int" WITH simple;

ALTER TEXT SEARCH CONFIGURATION warta
    ADD MAPPING FOR uint WITH simple;
COMMENT ON TEXT SEARCH CONFIGURATION warta IS 'Words as they are printed, in lower case and without accents; no stop words.';

CREATE TABLE alarm_notices (
    alarm_id bigint NOT NULL,
    channel text NOT NULL,
    sent_at timestamp with time zone DEFAULT now() NOT NULL
);
COMMENT ON TABLE alarm_notices IS 'Which alarm was told through which channel. A row follows its message: where a watch is killed between the two, the message is sent again under the same Message-ID or Idempotency-Key.';
COMMENT ON COLUMN alarm_notices.alarm_id IS 'The alarm.';
COMMENT ON COLUMN alarm_notices.channel IS 'How it was told: mail, slack, webhook.';
COMMENT ON COLUMN alarm_notices.sent_at IS 'When the channel had taken it.';

CREATE TABLE alarms (
    alarm_id bigint NOT NULL,
    rule text NOT NULL,
    outlet text,
    field text,
    subject text,
    sample_url text,
    summary text NOT NULL,
    began_at timestamp with time zone NOT NULL,
    raised_at timestamp with time zone DEFAULT now() NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    acknowledged_at timestamp with time zone,
    acknowledged_by text,
    silenced_until timestamp with time zone,
    silenced_by text,
    CONSTRAINT alarms_check CHECK (((acknowledged_at IS NULL) = (acknowledged_by IS NULL))),
    CONSTRAINT alarms_check1 CHECK (((silenced_until IS NULL) = (silenced_by IS NULL)))
);
COMMENT ON TABLE alarms IS 'What needs somebody: one row from when it began until it was over. The Dag `watch` and the end of each crawl keep it.';
COMMENT ON COLUMN alarms.alarm_id IS 'Key.';
COMMENT ON COLUMN alarms.rule IS 'The rule that raised it; docs/how-to/operate.md has an entry for each.';
COMMENT ON COLUMN alarms.outlet IS 'The outlet''s name; null where it concerns all.';
COMMENT ON COLUMN alarms.field IS 'The field of articles that it is about; null where it is about none.';
COMMENT ON COLUMN alarms.subject IS 'What exactly: the feed, the selector or rule that found the field, the host, the disk; null where the outlet says enough.';
COMMENT ON COLUMN alarms.sample_url IS 'A page that shows it; null where there is none.';
COMMENT ON COLUMN alarms.summary IS 'What was found when it was last seen, in one line.';
COMMENT ON COLUMN alarms.began_at IS 'Since when it is so, as far as what is stored tells.';
COMMENT ON COLUMN alarms.raised_at IS 'When it was first noticed.';
COMMENT ON COLUMN alarms.last_seen_at IS 'When it was last seen to be so.';
COMMENT ON COLUMN alarms.ended_at IS 'When it was over; null while it stands.';
COMMENT ON COLUMN alarms.acknowledged_at IS 'When somebody said that they look after it; null where nobody has.';
COMMENT ON COLUMN alarms.acknowledged_by IS 'Who that was.';
COMMENT ON COLUMN alarms.silenced_until IS 'Until when it is not told, also where it ends and begins again meanwhile; null where it is told.';
COMMENT ON COLUMN alarms.silenced_by IS 'Who silenced it.';

ALTER TABLE alarms ALTER COLUMN alarm_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME alarms_alarm_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE feeds (
    feed_id bigint NOT NULL,
    outlet text NOT NULL,
    url text NOT NULL,
    kind text NOT NULL,
    last_polled_at timestamp with time zone,
    last_status integer,
    failures integer DEFAULT 0 NOT NULL,
    etag text,
    last_modified text,
    parameters jsonb DEFAULT '{}'::jsonb NOT NULL,
    found_in bigint,
    announced_lastmod text,
    read_lastmod text,
    last_read_at timestamp with time zone,
    last_changed_at timestamp with time zone,
    content_sha256 bytea,
    bytes integer,
    links integer,
    error text,
    poll_interval interval DEFAULT '00:30:00'::interval NOT NULL,
    next_poll_at timestamp with time zone,
    retired_at timestamp with time zone,
    polled_by uuid,
    announced integer,
    taken integer,
    untaken integer,
    declaration text,
    is_lastmod_confirmed boolean DEFAULT false NOT NULL,
    is_lastmod_wrong boolean DEFAULT false NOT NULL,
    CONSTRAINT feeds_kind_check CHECK ((kind = ANY (ARRAY['rss'::text, 'sitemap'::text, 'section'::text, 'home'::text, 'listing'::text, 'robots'::text, 'archive'::text])))
);
COMMENT ON TABLE feeds IS 'Where an outlet announces pages.';
COMMENT ON COLUMN feeds.feed_id IS 'Key.';
COMMENT ON COLUMN feeds.outlet IS 'The outlet''s name.';
COMMENT ON COLUMN feeds.url IS 'Address of the feed, sitemap or section page.';
COMMENT ON COLUMN feeds.kind IS 'rss (RSS, Atom or JSON Feed), sitemap (also index and news sitemaps), section (an HTML page of links), home (a section that names feeds and listings), listing (a page of a blog''s or archive''s list, with the pages that follow), robots (robots.txt, which names sitemaps), archive (a day''s list).';
COMMENT ON COLUMN feeds.last_polled_at IS 'When it was last asked for.';
COMMENT ON COLUMN feeds.last_status IS 'HTTP status of the last answer; null where none came.';
COMMENT ON COLUMN feeds.failures IS 'Failed polls since the last good one.';
COMMENT ON COLUMN feeds.etag IS 'ETag of the last good answer.';
COMMENT ON COLUMN feeds.last_modified IS 'Last-Modified of the last good answer, as sent.';
COMMENT ON COLUMN feeds.parameters IS 'What it is read with, as the outlet declares it or the feed that names it hands on.';
COMMENT ON COLUMN feeds.found_in IS 'The feed that names it; null for one that the outlet declares.';
COMMENT ON COLUMN feeds.announced_lastmod IS 'What its sitemap index says of its last change, as printed.';
COMMENT ON COLUMN feeds.read_lastmod IS 'The same when it was last read well.';
COMMENT ON COLUMN feeds.last_read_at IS 'Its last good answer: read, or told to be unchanged.';
COMMENT ON COLUMN feeds.last_changed_at IS 'When it last announced something that was not known.';
COMMENT ON COLUMN feeds.content_sha256 IS 'SHA-256 of the body that was last read.';
COMMENT ON COLUMN feeds.bytes IS 'Length of that body.';
COMMENT ON COLUMN feeds.links IS 'Addresses of articles in it.';
COMMENT ON COLUMN feeds.error IS 'Why the last poll failed; null where it did not.';
COMMENT ON COLUMN feeds.poll_interval IS 'How long it is not polled: halved by each poll that finds something, half as long again after each that does not.';
COMMENT ON COLUMN feeds.next_poll_at IS 'When a scheduled crawl asks for it again; after failures later and later.';
COMMENT ON COLUMN feeds.retired_at IS 'Since when nothing names it any more; it is not asked for.';
COMMENT ON COLUMN feeds.polled_by IS 'The run that has asked for it and not yet stored what it answered; nothing where that run has ended.';
COMMENT ON COLUMN feeds.announced IS 'How many addresses its last answer named, those of other feeds included.';
COMMENT ON COLUMN feeds.taken IS 'How many of these are pages of the ledger, or feeds that are followed.';
COMMENT ON COLUMN feeds.untaken IS 'How many of these are not taken; untaken_announcements says why.';
COMMENT ON COLUMN feeds.declaration IS 'Digest of the outlet''s name and address rules by which it was last named; when it changes, the feed is unread again.';
COMMENT ON COLUMN feeds.is_lastmod_confirmed IS 'Whether the sitemap was asked for again at the same lastmod of its index and had not changed; only then does the lastmod save polls, for a week at a time.';
COMMENT ON COLUMN feeds.is_lastmod_wrong IS 'Whether the sitemap changed once while its index said that it did not: its lastmod is never believed again.';

CREATE VIEW announcement_balance AS
 SELECT outlet,
    feed_id,
    kind,
    url AS feed,
    last_read_at,
    announced,
    taken,
    untaken,
    (NOT (announced IS DISTINCT FROM (taken + untaken))) AS balanced
   FROM feeds
  WHERE (announced IS NOT NULL);
COMMENT ON VIEW announcement_balance IS 'For each feed, what its last answer announced against what the ledger took and did not take; `balanced` is true or an announcement was lost.';

CREATE TABLE announcements (
    page_id bigint NOT NULL,
    feed_id bigint NOT NULL,
    title text,
    published timestamp with time zone,
    modified timestamp with time zone,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    last_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    author text[],
    CONSTRAINT announcements_check CHECK (((title IS NOT NULL) OR (published IS NOT NULL) OR (modified IS NOT NULL) OR (author IS NOT NULL)))
);
COMMENT ON TABLE announcements IS 'What each feed said of each page: a row more where it says something else later. Links without a word beside them have no row. Pruned WARTA_KEEP_ANNOUNCEMENTS after the feed last said so.';
COMMENT ON COLUMN announcements.page_id IS 'The page that was announced.';
COMMENT ON COLUMN announcements.feed_id IS 'The feed that announced it.';
COMMENT ON COLUMN announcements.title IS 'The title that it gave, as text, at most 500 characters.';
COMMENT ON COLUMN announcements.published IS 'The time of publication that it gave.';
COMMENT ON COLUMN announcements.modified IS 'The time of the last change that it gave.';
COMMENT ON COLUMN announcements.first_seen_at IS 'When the feed first announced it so.';
COMMENT ON COLUMN announcements.last_seen_at IS 'When the feed last announced it so, to the hour.';
COMMENT ON COLUMN announcements.author IS 'Who wrote it, as the feed last named them.';

CREATE TABLE articles (
    article_id bigint NOT NULL,
    outlet text NOT NULL,
    page_id bigint NOT NULL,
    url text NOT NULL,
    canonical_url text NOT NULL,
    canonical_url_sha256 bytea NOT NULL,
    url_key text NOT NULL,
    headline text NOT NULL,
    description text,
    author text[] NOT NULL,
    editor text,
    publisher text,
    date_line text,
    date_published timestamp with time zone,
    date_published_raw text,
    date_modified timestamp with time zone,
    date_modified_raw text,
    article_section text[] NOT NULL,
    keywords text[] NOT NULL,
    image_url text,
    image_caption text,
    image_credit_text text,
    article_body text[] NOT NULL,
    related jsonb NOT NULL,
    in_language text,
    provenance jsonb NOT NULL,
    content_sha256 bytea NOT NULL,
    body_sha256 bytea NOT NULL,
    body_words integer NOT NULL,
    revision integer NOT NULL,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    revised_at timestamp with time zone DEFAULT now() NOT NULL,
    alternative_headline text,
    contributor jsonb DEFAULT '[]'::jsonb NOT NULL,
    date_published_precision text,
    date_modified_precision text,
    kind text DEFAULT 'article'::text NOT NULL,
    word_count integer,
    is_paywalled boolean,
    is_truncated boolean DEFAULT false NOT NULL,
    identifier text,
    amp_url text,
    page_starts integer[] DEFAULT '{}'::integer[] NOT NULL,
    body_kinds text[] DEFAULT '{}'::text[] NOT NULL,
    images jsonb DEFAULT '[]'::jsonb NOT NULL,
    date_line_agency text,
    initials text,
    next_pages text[] DEFAULT '{}'::text[] NOT NULL,
    charset jsonb,
    withdrawn_at timestamp with time zone,
    withdrawn_reason text,
    claimed_url text,
    CONSTRAINT articles_check CHECK (((withdrawn_at IS NULL) = (withdrawn_reason IS NULL))),
    CONSTRAINT articles_date_modified_check CHECK (((date_modified >= '1900-01-01 00:00:00+00'::timestamp with time zone) AND (date_modified <= '9999-01-01 00:00:00+00'::timestamp with time zone))),
    CONSTRAINT articles_date_modified_precision_check CHECK ((date_modified_precision = ANY (ARRAY['day'::text, 'minute'::text, 'second'::text]))),
    CONSTRAINT articles_date_published_check CHECK (((date_published >= '1900-01-01 00:00:00+00'::timestamp with time zone) AND (date_published <= '9999-01-01 00:00:00+00'::timestamp with time zone))),
    CONSTRAINT articles_date_published_precision_check CHECK ((date_published_precision = ANY (ARRAY['day'::text, 'minute'::text, 'second'::text])))
);
COMMENT ON TABLE articles IS 'One row an article: its newest revision. First query: SELECT * FROM latest_articles LIMIT 10.';
COMMENT ON COLUMN articles.article_id IS 'Key.';
COMMENT ON COLUMN articles.outlet IS 'The outlet''s name.';
COMMENT ON COLUMN articles.page_id IS 'The page of the ledger that the newest revision was read from.';
COMMENT ON COLUMN articles.url IS 'The address it was read from; ni:///sha-256;… (RFC 6920) for a text document without one.';
COMMENT ON COLUMN articles.canonical_url IS 'The address that identifies the article: as its page declares it, or the page''s own where that is another article''s.';
COMMENT ON COLUMN articles.canonical_url_sha256 IS 'SHA-256 of canonical_url; what makes it unique.';
COMMENT ON COLUMN articles.url_key IS 'What all forms of canonical_url have in common: no scheme, no www. or m., no slash at the end.';
COMMENT ON COLUMN articles.headline IS 'Headline.';
COMMENT ON COLUMN articles.description IS 'The outlet''s own summary.';
COMMENT ON COLUMN articles.author IS 'Who wrote it, people only, in the page''s order.';
COMMENT ON COLUMN articles.editor IS 'Who edited it.';
COMMENT ON COLUMN articles.publisher IS 'The outlet as it calls itself.';
COMMENT ON COLUMN articles.date_line IS 'The place that the text begins with, such as WASHINGTON.';
COMMENT ON COLUMN articles.date_published IS 'When it was published; null where the page does not say.';
COMMENT ON COLUMN articles.date_published_raw IS 'The text that date_published was read from, also where it could not be.';
COMMENT ON COLUMN articles.date_modified IS 'When the outlet says that it was last edited.';
COMMENT ON COLUMN articles.date_modified_raw IS 'The text that date_modified was read from.';
COMMENT ON COLUMN articles.article_section IS 'The section and its subsections, outermost first.';
COMMENT ON COLUMN articles.keywords IS 'The outlet''s tags.';
COMMENT ON COLUMN articles.image_url IS 'Address of the lead image.';
COMMENT ON COLUMN articles.image_caption IS 'Its caption, without the credit.';
COMMENT ON COLUMN articles.image_credit_text IS 'Who made it.';
COMMENT ON COLUMN articles.article_body IS 'The paragraphs.';
COMMENT ON COLUMN articles.related IS 'The cards under the article: headline, url, article_section, relative_age.';
COMMENT ON COLUMN articles.in_language IS 'Language, as in BCP 47.';
COMMENT ON COLUMN articles.provenance IS 'For each field the rule that gave it.';
COMMENT ON COLUMN articles.content_sha256 IS 'SHA-256 of what a revision is made of; equal means unchanged.';
COMMENT ON COLUMN articles.body_sha256 IS 'SHA-256 of the body with case, space, quotes and dashes evened out; equal means an exact duplicate.';
COMMENT ON COLUMN articles.body_words IS 'Words in the body.';
COMMENT ON COLUMN articles.revision IS 'Number of the newest revision, from 1.';
COMMENT ON COLUMN articles.first_seen_at IS 'When it was first stored.';
COMMENT ON COLUMN articles.revised_at IS 'When the newest revision was stored.';
COMMENT ON COLUMN articles.alternative_headline IS 'A second headline: the one of search engines or of the social networks.';
COMMENT ON COLUMN articles.contributor IS 'Who else worked on it: name and role.';
COMMENT ON COLUMN articles.date_published_precision IS 'How exactly the page gives it: day, minute, second.';
COMMENT ON COLUMN articles.date_modified_precision IS 'How exactly the page gives it: day, minute, second.';
COMMENT ON COLUMN articles.kind IS 'article, live_blog, gallery, video, infographic or audio.';
COMMENT ON COLUMN articles.word_count IS 'Words in the body as printed.';
COMMENT ON COLUMN articles.is_paywalled IS 'Whether the page says that the text is not free; null where it does not say.';
COMMENT ON COLUMN articles.is_truncated IS 'Whether less than the whole text was had.';
COMMENT ON COLUMN articles.identifier IS 'The outlet''s own id of the article.';
COMMENT ON COLUMN articles.amp_url IS 'The article''s AMP form, as the page names it.';
COMMENT ON COLUMN articles.page_starts IS 'For an article joined from several pages: paragraphs before each page.';
COMMENT ON COLUMN articles.body_kinds IS 'What each paragraph of article_body is: paragraph, subhead, list_item, quote; empty for articles stored before it was read.';
COMMENT ON COLUMN articles.images IS 'The pictures inside the body: url, caption, credit_text; the lead image is not among them.';
COMMENT ON COLUMN articles.date_line_agency IS 'The agency or site that the date line names after the place, such as iNews.id.';
COMMENT ON COLUMN articles.initials IS 'Initials of writer and editor that stood after the last sentence, such as fyk/ash.';
COMMENT ON COLUMN articles.next_pages IS 'Addresses of the pages on which the article goes on; empty where all of them were joined.';
COMMENT ON COLUMN articles.charset IS 'The charset used, and those of header and page, where these disagree; else null.';
COMMENT ON COLUMN articles.withdrawn_at IS 'Since when its page no longer shows it; null where it does. The text stays the last that was shown.';
COMMENT ON COLUMN articles.withdrawn_reason IS 'What its page gave instead: http_404, http_410, http_451, soft_404, not_found_notice, notice, or redirected: and where to.';
COMMENT ON COLUMN articles.claimed_url IS 'The address that its page declares although that is another article''s; null for most.';

CREATE VIEW announcement_contradictions AS
 WITH said AS (
         SELECT articles.article_id,
            articles.outlet,
            articles.canonical_url,
            feeds.url AS feed,
            articles.headline,
            articles.date_published,
            articles.date_published_precision,
            announcements.title,
            announcements.published,
            regexp_split_to_array(lower(articles.headline), '[^[:alnum:]]+'::text) AS words,
            regexp_split_to_array(lower(announcements.title), '[^[:alnum:]]+'::text) AS said_words
           FROM ((articles
             JOIN announcements USING (page_id))
             JOIN feeds USING (feed_id))
        ), compared AS (
         SELECT said.article_id,
            said.outlet,
            said.canonical_url,
            said.feed,
            said.headline,
            said.date_published,
            said.date_published_precision,
            said.title,
            said.published,
            said.words,
            said.said_words,
            ((( SELECT count(DISTINCT word.word) AS count
                   FROM unnest(said.words) word(word)
                  WHERE ((word.word <> ''::text) AND (word.word = ANY (said.said_words)))))::real / (NULLIF(LEAST(( SELECT count(DISTINCT word.word) AS count
                   FROM unnest(said.words) word(word)
                  WHERE (word.word <> ''::text)), ( SELECT count(DISTINCT word.word) AS count
                   FROM unnest(said.said_words) word(word)
                  WHERE (word.word <> ''::text))), 0))::double precision) AS shared
           FROM said
        )
 SELECT compared.article_id,
    compared.outlet,
    compared.canonical_url,
    compared.feed,
    'headline'::text AS field,
    compared.headline AS read,
    compared.title AS announced
   FROM compared
  WHERE (compared.shared < (0.5)::double precision)
UNION ALL
 SELECT compared.article_id,
    compared.outlet,
    compared.canonical_url,
    compared.feed,
    'date_published'::text AS field,
    (compared.date_published)::text AS read,
    (compared.published)::text AS announced
   FROM compared
  WHERE (abs(EXTRACT(epoch FROM (compared.date_published - compared.published))) > (
        CASE compared.date_published_precision
            WHEN 'day'::text THEN 86400
            ELSE 3600
        END)::numeric)
  ORDER BY 1, 5;
COMMENT ON VIEW announcement_contradictions IS 'Articles of which a feed said something else than their page: a headline with less than half of its words, or a time of publication that differs by more than an hour (a day, where the page gives days).';

CREATE TABLE api_tokens (
    name text NOT NULL,
    token_sha256 bytea NOT NULL,
    scope text NOT NULL,
    created_by text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    CONSTRAINT api_tokens_scope_check CHECK ((scope = ANY (ARRAY['read'::text, 'feeds'::text])))
);
COMMENT ON TABLE api_tokens IS 'Tokens with which programs read; the tokens themselves are not kept.';
COMMENT ON COLUMN api_tokens.name IS 'What it is for.';
COMMENT ON COLUMN api_tokens.token_sha256 IS 'SHA-256 of the token.';
COMMENT ON COLUMN api_tokens.scope IS 'read: the API, MCP and feeds; feeds: these alone.';
COMMENT ON COLUMN api_tokens.created_by IS 'Who made it.';
COMMENT ON COLUMN api_tokens.created_at IS 'When.';
COMMENT ON COLUMN api_tokens.expires_at IS 'Until when it holds; null for ever.';

CREATE TABLE article_search (
    article_id bigint NOT NULL,
    revision integer NOT NULL,
    at timestamp with time zone NOT NULL,
    outlet text NOT NULL,
    stored_at timestamp with time zone NOT NULL,
    replaced_at timestamp with time zone,
    labels text[] NOT NULL,
    words tsvector NOT NULL
)
WITH (toast_tuple_target='128');
ALTER TABLE ONLY article_search ALTER COLUMN labels SET STORAGE MAIN;
ALTER TABLE ONLY article_search ALTER COLUMN words SET STORAGE EXTERNAL;
COMMENT ON TABLE article_search IS 'The words of each revision, for search. A trigger of articles writes it, in the transaction that stores them.';
COMMENT ON COLUMN article_search.article_id IS 'The article.';
COMMENT ON COLUMN article_search.revision IS 'Its revision.';
COMMENT ON COLUMN article_search.at IS 'When it was published, by this revision; when it was first seen, where the page gives no time.';
COMMENT ON COLUMN article_search.outlet IS 'The outlet''s name.';
COMMENT ON COLUMN article_search.stored_at IS 'When the revision was stored.';
COMMENT ON COLUMN article_search.replaced_at IS 'When the next one was; null for the newest.';
COMMENT ON COLUMN article_search.labels IS 'What it is filtered by: newest, revised (where the article has several revisions), sample (one article in 64), and its day, month, year, outlet, sections and authors.';
COMMENT ON COLUMN article_search.words IS 'What search_words() makes of it.';

ALTER TABLE articles ALTER COLUMN article_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME articles_article_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE clusters (
    article_id bigint NOT NULL,
    representative_id bigint NOT NULL,
    kind text,
    added real,
    cut real,
    since timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT clusters_kind_check CHECK ((kind = ANY (ARRAY['exact'::text, 'edited'::text, 'truncated'::text, 'extended'::text])))
);
COMMENT ON TABLE clusters IS 'Which articles are one, by the standing decisions; an article without duplicates has no row.';
COMMENT ON COLUMN clusters.article_id IS 'A member; the representative is one too.';
COMMENT ON COLUMN clusters.representative_id IS 'The member that stands for all: with the whole text, its own reporting rather than another''s, the first published.';
COMMENT ON COLUMN clusters.kind IS 'What the member is to the representative: exact, edited, truncated or extended; null for the representative.';
COMMENT ON COLUMN clusters.added IS 'The share of its text that the representative does not have, from 0 to 1.';
COMMENT ON COLUMN clusters.cut IS 'The share of the representative''s text that it does not have.';
COMMENT ON COLUMN clusters.since IS 'Since when the row is as it is; for older rows, when migration 0055 was applied.';

CREATE TABLE containments (
    article_id bigint NOT NULL,
    contained_id bigint NOT NULL,
    share real NOT NULL,
    share_of_article real NOT NULL,
    revision integer NOT NULL,
    contained_revision integer NOT NULL,
    CONSTRAINT containments_share_check CHECK (((share >= (0)::double precision) AND (share <= (1)::double precision))),
    CONSTRAINT containments_share_of_article_check CHECK (((share_of_article >= (0)::double precision) AND (share_of_article <= (1)::double precision)))
);
COMMENT ON TABLE containments IS 'Articles that have the text of another in them without being its copy: digests, round-ups, reports with an older one behind.';
COMMENT ON COLUMN containments.article_id IS 'The article with the text of another in it.';
COMMENT ON COLUMN containments.contained_id IS 'The other.';
COMMENT ON COLUMN containments.share IS 'The share of the other''s words that the article has, from 0 to 1.';
COMMENT ON COLUMN containments.share_of_article IS 'The share of the article''s words that the other has.';
COMMENT ON COLUMN containments.revision IS 'The article''s revision that was compared; of another one, the row counts no more.';
COMMENT ON COLUMN containments.contained_revision IS 'The other''s revision that was compared.';

CREATE VIEW contained_articles AS
 SELECT article.article_id,
    article.outlet,
    article.headline,
    containments.contained_id,
    contained.outlet AS contained_outlet,
    contained.headline AS contained_headline,
    containments.share,
    containments.share_of_article
   FROM ((containments
     JOIN articles article ON ((article.article_id = containments.article_id)))
     JOIN articles contained ON ((contained.article_id = containments.contained_id)))
  WHERE ((article.revision = containments.revision) AND (contained.revision = containments.contained_revision));
COMMENT ON VIEW contained_articles IS 'Articles with the text of another in them, and of how much: digests, round-ups, reports with an older one behind.';

CREATE TABLE dedup_queue (
    queue_id bigint NOT NULL,
    article_id bigint NOT NULL,
    queued_at timestamp with time zone DEFAULT now() NOT NULL
);
COMMENT ON TABLE dedup_queue IS 'Articles that dedup has to look at; a row goes in the transaction that stores what was found, so a killed worker leaves it.';
COMMENT ON COLUMN dedup_queue.queue_id IS 'Key; an article may wait more than once, so that who stores one never waits for dedup.';
COMMENT ON COLUMN dedup_queue.article_id IS 'The article.';
COMMENT ON COLUMN dedup_queue.queued_at IS 'Since when it waits.';

ALTER TABLE dedup_queue ALTER COLUMN queue_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME dedup_queue_queue_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE deliveries (
    delivery_id uuid DEFAULT gen_random_uuid() NOT NULL,
    event text NOT NULL,
    way text NOT NULL,
    address text NOT NULL,
    watch_id bigint,
    subject text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    next_try_at timestamp with time zone DEFAULT now() NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    delivered_at timestamp with time zone,
    gave_up_at timestamp with time zone,
    reason text,
    CONSTRAINT deliveries_check CHECK (((delivered_at IS NULL) OR (gave_up_at IS NULL))),
    CONSTRAINT deliveries_check1 CHECK (((watch_id IS NULL) <> (subject IS NULL))),
    CONSTRAINT deliveries_way_check CHECK ((way = ANY (ARRAY['email'::text, 'webhook'::text])))
);
COMMENT ON TABLE deliveries IS 'Messages that go out, each once. What they say is made of what they are about when they are sent, and never kept here.';
COMMENT ON COLUMN deliveries.delivery_id IS 'Key; by it the receiver knows a message that is sent again (Message-ID, webhook-id).';
COMMENT ON COLUMN deliveries.event IS 'What it tells: watch.matched, crawl.finished, alarm.raised.';
COMMENT ON COLUMN deliveries.way IS 'email or webhook.';
COMMENT ON COLUMN deliveries.address IS 'E-mail addresses, or the name of the webhook''s connection.';
COMMENT ON COLUMN deliveries.watch_id IS 'The watch; null for other events.';
COMMENT ON COLUMN deliveries.subject IS 'What it is about: the id of the crawl''s run, the alarm''s id and when it was raised; null for watches, whose matches name their delivery.';
COMMENT ON COLUMN deliveries.created_at IS 'When it was due first.';
COMMENT ON COLUMN deliveries.next_try_at IS 'When it is tried next.';
COMMENT ON COLUMN deliveries.tries IS 'How often it was tried.';
COMMENT ON COLUMN deliveries.delivered_at IS 'When the receiver took it; null where it has not.';
COMMENT ON COLUMN deliveries.gave_up_at IS 'Since when it is tried no more; null where it is.';
COMMENT ON COLUMN deliveries.reason IS 'Why the last try failed; null where it did not.';

CREATE TABLE delivery_tries (
    delivery_id uuid NOT NULL,
    tried_at timestamp with time zone NOT NULL,
    seconds real NOT NULL,
    answer text NOT NULL
);
COMMENT ON TABLE delivery_tries IS 'Each try to deliver a message.';
COMMENT ON COLUMN delivery_tries.delivery_id IS 'The message.';
COMMENT ON COLUMN delivery_tries.tried_at IS 'When.';
COMMENT ON COLUMN delivery_tries.seconds IS 'How long it took.';
COMMENT ON COLUMN delivery_tries.answer IS 'What the receiver answered, or why it was not reached.';

CREATE TABLE dictionaries (
    sha256 bytea NOT NULL,
    outlet text NOT NULL,
    version integer NOT NULL,
    pages bytea[] NOT NULL,
    body bytea NOT NULL,
    bytes integer NOT NULL,
    ratio real NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    retired_at timestamp with time zone
);
ALTER TABLE ONLY dictionaries ALTER COLUMN body SET STORAGE EXTERNAL;
COMMENT ON TABLE dictionaries IS 'What snapshots of an outlet are compressed with: some of its pages, one after the other. A new version is made where pages have changed.';
COMMENT ON COLUMN dictionaries.sha256 IS 'SHA-256 of the dictionary as it was before compression.';
COMMENT ON COLUMN dictionaries.outlet IS 'The outlet whose pages it is made of.';
COMMENT ON COLUMN dictionaries.version IS '1 for the outlet''s first; the highest is used for new snapshots.';
COMMENT ON COLUMN dictionaries.pages IS 'The snapshots that it is made of, in order.';
COMMENT ON COLUMN dictionaries.body IS 'The dictionary (zstd calls it a raw-content dictionary), itself compressed with zstd.';
COMMENT ON COLUMN dictionaries.bytes IS 'Its length before compression.';
COMMENT ON COLUMN dictionaries.ratio IS 'Stored bytes by bytes of the pages that it was tried on.';
COMMENT ON COLUMN dictionaries.made_at IS 'When it was made.';
COMMENT ON COLUMN dictionaries.retired_at IS 'Since when it is not to be used, as one of its pages was taken down; it is deleted once no snapshot needs it, as each but the newest is.';

CREATE TABLE duplicates (
    duplicate_id bigint NOT NULL,
    article_id bigint NOT NULL,
    duplicate_of bigint NOT NULL,
    layer text NOT NULL,
    score real NOT NULL,
    evidence jsonb NOT NULL,
    decided_at timestamp with time zone DEFAULT now() NOT NULL,
    revoked_at timestamp with time zone,
    revoked_by text,
    CONSTRAINT duplicates_check CHECK ((article_id <> duplicate_of)),
    CONSTRAINT duplicates_check1 CHECK (((revoked_at IS NULL) = (revoked_by IS NULL))),
    CONSTRAINT duplicates_layer_check CHECK ((layer = ANY (ARRAY['canonical_url'::text, 'outlet_id'::text, 'exact_content'::text, 'near_duplicate'::text, 'person'::text]))),
    CONSTRAINT duplicates_score_check CHECK (((score >= (0)::double precision) AND (score <= (1)::double precision)))
);
COMMENT ON TABLE duplicates IS 'Decisions that one article is a duplicate of another.';
COMMENT ON COLUMN duplicates.duplicate_id IS 'Key.';
COMMENT ON COLUMN duplicates.article_id IS 'The copy.';
COMMENT ON COLUMN duplicates.duplicate_of IS 'What it is a copy of.';
COMMENT ON COLUMN duplicates.layer IS 'How it was found: canonical_url, outlet_id (the outlet''s own number of the article), exact_content, near_duplicate, or a person.';
COMMENT ON COLUMN duplicates.score IS 'From 0 to 1; 1 for what is certain by definition.';
COMMENT ON COLUMN duplicates.evidence IS 'What the decision rests on.';
COMMENT ON COLUMN duplicates.decided_at IS 'When it was made.';
COMMENT ON COLUMN duplicates.revoked_at IS 'When it was taken back; null while it stands.';
COMMENT ON COLUMN duplicates.revoked_by IS 'Who took it back: dedup (the content has changed) or a person.';

ALTER TABLE duplicates ALTER COLUMN duplicate_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME duplicates_duplicate_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE revision_edits (
    article_id bigint NOT NULL,
    revision integer NOT NULL,
    at timestamp with time zone NOT NULL,
    kinds text[] NOT NULL,
    words_added integer NOT NULL,
    words_removed integer NOT NULL,
    paragraphs_removed integer NOT NULL
);
COMMENT ON TABLE revision_edits IS 'What the publisher''s revisions amount to, one row for each after the first; view edits shows them.';
COMMENT ON COLUMN revision_edits.article_id IS 'The article.';
COMMENT ON COLUMN revision_edits.revision IS 'The revision that the edit led to.';
COMMENT ON COLUMN revision_edits.at IS 'When the revision was stored.';
COMMENT ON COLUMN revision_edits.kinds IS 'paragraph_removed, figures_changed, headline_rewrite, update, typo, details (neither headline nor body): all that apply, the weightiest first.';
COMMENT ON COLUMN revision_edits.words_added IS 'Words of the body that the revision before had not, or fewer times.';
COMMENT ON COLUMN revision_edits.words_removed IS 'Words of the body that the revision has no longer, or fewer times.';
COMMENT ON COLUMN revision_edits.paragraphs_removed IS 'Paragraphs most of whose words are gone.';

CREATE TABLE revisions (
    article_id bigint NOT NULL,
    revision integer NOT NULL,
    run_id uuid NOT NULL,
    snapshot_sha256 bytea,
    url text NOT NULL,
    content jsonb NOT NULL,
    provenance jsonb NOT NULL,
    changes jsonb NOT NULL,
    stored_at timestamp with time zone DEFAULT now() NOT NULL,
    origin text DEFAULT 'publisher'::text NOT NULL,
    CONSTRAINT revisions_origin_check CHECK ((origin = ANY (ARRAY['publisher'::text, 'reextraction'::text])))
);
COMMENT ON TABLE revisions IS 'Every text that an article has had; a row only when it changed; never changed itself.';
COMMENT ON COLUMN revisions.article_id IS 'The article.';
COMMENT ON COLUMN revisions.revision IS 'From 1, without gaps.';
COMMENT ON COLUMN revisions.run_id IS 'The run that found it.';
COMMENT ON COLUMN revisions.snapshot_sha256 IS 'The page it was read from, in snapshots; null where none is kept, or not any longer.';
COMMENT ON COLUMN revisions.url IS 'The address it was read from.';
COMMENT ON COLUMN revisions.content IS 'The article''s fields at that time.';
COMMENT ON COLUMN revisions.provenance IS 'For each field the rule that gave it.';
COMMENT ON COLUMN revisions.changes IS 'What changed since the revision before: {field: [old, new]}; empty for the first.';
COMMENT ON COLUMN revisions.stored_at IS 'When it was stored.';
COMMENT ON COLUMN revisions.origin IS 'Who made the difference: the publisher, who changed the page; or reextraction, which read the same page again by newer rules.';

CREATE TABLE withdrawals (
    article_id bigint NOT NULL,
    withdrawn_at timestamp with time zone NOT NULL,
    reason text NOT NULL,
    restored_at timestamp with time zone
);
COMMENT ON TABLE withdrawals IS 'Each time that an article''s page showed it no longer. The text is kept.';
COMMENT ON COLUMN withdrawals.article_id IS 'The article.';
COMMENT ON COLUMN withdrawals.withdrawn_at IS 'When a crawl first saw that the article was gone.';
COMMENT ON COLUMN withdrawals.reason IS 'How that was seen: http_404, http_410, http_451, soft_404, not_found_notice, or where the page leads to.';
COMMENT ON COLUMN withdrawals.restored_at IS 'When a crawl first saw the article again; null while it is withdrawn.';

CREATE VIEW edits AS
 SELECT articles.article_id,
    articles.outlet,
    articles.canonical_url,
    edited.at,
        CASE
            WHEN (articles.date_published_precision <> 'day'::text) THEN (round((EXTRACT(epoch FROM (edited.at - articles.date_published)) / (60)::numeric)))::bigint
            ELSE NULL::bigint
        END AS minutes_after_publication,
    edited.kinds[1] AS kind,
    edited.kinds,
    edited.revision,
    articles.headline,
    (edited.changes #>> '{headline,0}'::text[]) AS headline_before,
    (edited.changes #>> '{headline,1}'::text[]) AS headline_after,
    edited.words_added,
    edited.words_removed,
    edited.paragraphs_removed,
    ((edited.changes -> 'author'::text) -> 0) AS author_before,
    ((edited.changes -> 'author'::text) -> 1) AS author_after,
    ((edited.changes #>> '{date_published,0}'::text[]))::timestamp with time zone AS date_published_before,
    ((edited.changes #>> '{date_published,1}'::text[]))::timestamp with time zone AS date_published_after,
    ARRAY( SELECT jsonb_object_keys(edited.changes) AS jsonb_object_keys) AS fields,
    edited.reason
   FROM (( SELECT revision_edits.article_id,
            revision_edits.revision,
            revision_edits.at,
            revision_edits.kinds,
            revision_edits.words_added,
            revision_edits.words_removed,
            revision_edits.paragraphs_removed,
            revisions.changes,
            NULL::text AS reason
           FROM (revision_edits
             JOIN revisions USING (article_id, revision))
        UNION ALL
         SELECT withdrawals.article_id,
            NULL::integer,
            withdrawals.withdrawn_at,
            '{withdrawn}'::text[],
            NULL::integer,
            NULL::integer,
            NULL::integer,
            '{}'::jsonb,
            withdrawals.reason
           FROM withdrawals
        UNION ALL
         SELECT withdrawals.article_id,
            NULL::integer,
            withdrawals.restored_at,
            '{restored}'::text[],
            NULL::integer,
            NULL::integer,
            NULL::integer,
            '{}'::jsonb,
            withdrawals.reason
           FROM withdrawals
          WHERE (withdrawals.restored_at IS NOT NULL)) edited
     JOIN articles USING (article_id));
COMMENT ON VIEW edits IS 'What publishers did to articles after their first version, also that they withdrew or restored them. `at` is when a crawl saw it. Before and after are null where they are the same. SELECT * FROM edits WHERE at > now() - interval ''1 day'' ORDER BY at DESC reads only that day.';

ALTER TABLE feeds ALTER COLUMN feed_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME feeds_feed_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE fetches (
    fetch_id bigint NOT NULL,
    run_id uuid NOT NULL,
    page_id bigint,
    feed_id bigint,
    url text NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    seconds real,
    status integer,
    bytes integer,
    content_type text,
    robots text NOT NULL,
    outcome text NOT NULL,
    error text,
    snapshot_sha256 bytea,
    opt_outs text[] DEFAULT '{}'::text[] NOT NULL,
    request_headers bytea,
    response_headers bytea,
    source text,
    stored_at timestamp with time zone DEFAULT now(),
    CONSTRAINT fetches_outcome_check CHECK ((outcome = ANY (ARRAY['answered'::text, 'failed'::text, 'not_sent'::text]))),
    CONSTRAINT fetches_robots_check CHECK ((robots = ANY (ARRAY['allowed'::text, 'forbidden'::text, 'not_asked'::text])))
);
COMMENT ON TABLE fetches IS 'One row a request, Warta''s own or one that a web archive holds; never changed. Pruned after WARTA_KEEP_FETCHES, but those whose body is kept and the last of each page.';
COMMENT ON COLUMN fetches.fetch_id IS 'Key.';
COMMENT ON COLUMN fetches.run_id IS 'The run that asked.';
COMMENT ON COLUMN fetches.page_id IS 'The page it was for; null for a feed.';
COMMENT ON COLUMN fetches.feed_id IS 'The feed it was for; null for a page.';
COMMENT ON COLUMN fetches.url IS 'The address that was asked for.';
COMMENT ON COLUMN fetches.requested_at IS 'When the request was made, by the crawler''s clock; of a web archive, its WARC-Date.';
COMMENT ON COLUMN fetches.seconds IS 'Seconds until the whole answer was there.';
COMMENT ON COLUMN fetches.status IS 'HTTP status; null where no answer came.';
COMMENT ON COLUMN fetches.bytes IS 'Length of the body after decompression.';
COMMENT ON COLUMN fetches.content_type IS 'Content-Type as sent.';
COMMENT ON COLUMN fetches.robots IS 'What robots.txt said of the address: allowed, forbidden, or not_asked (outlet exempt).';
COMMENT ON COLUMN fetches.outcome IS 'answered (see status), failed (see error), not_sent (robots.txt forbids it).';
COMMENT ON COLUMN fetches.error IS 'What went wrong.';
COMMENT ON COLUMN fetches.snapshot_sha256 IS 'The body that came, in snapshots; null where none is kept, or not any longer.';
COMMENT ON COLUMN fetches.opt_outs IS 'Opt-outs that the answer, robots.txt or tdmrep.json declared: noarchive, noai, tdm, ai_crawlers; the outlet says which are respected.';
COMMENT ON COLUMN fetches.request_headers IS 'Request line and headers as sent, HTTP/1.1 text compressed with zstd, at most 64 KiB of it; without cookies and credentials. Only where the body is kept.';
COMMENT ON COLUMN fetches.response_headers IS 'The same of the answer. Names in the order of their first value, names in their usual capitals; the reason in the status line is the standard one. Content-Encoding and lengths are those of the answer as it came, the snapshot is what was unpacked from it.';
COMMENT ON COLUMN fetches.source IS 'Where the answer comes from if Warta did not fetch it: the name of the web archive (WARC), a colon, and the offset of its record. Null for Warta''s own requests.';
COMMENT ON COLUMN fetches.stored_at IS 'When the row was stored, by the database''s clock; null for rows older than migration 0056.';

ALTER TABLE fetches ALTER COLUMN fetch_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME fetches_fetch_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE former_addresses (
    former_address_id bigint NOT NULL,
    article_id bigint NOT NULL,
    canonical_url text NOT NULL,
    until timestamp with time zone NOT NULL
);
COMMENT ON TABLE former_addresses IS 'Canonical addresses that articles had before: an article may get another one without a revision.';
COMMENT ON COLUMN former_addresses.former_address_id IS 'Key; an article''s addresses followed each other in this order.';
COMMENT ON COLUMN former_addresses.article_id IS 'The article.';
COMMENT ON COLUMN former_addresses.canonical_url IS 'Its canonical_url at that time.';
COMMENT ON COLUMN former_addresses.until IS 'When it got another one.';

ALTER TABLE former_addresses ALTER COLUMN former_address_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME former_addresses_former_address_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE former_clusters (
    former_cluster_id bigint NOT NULL,
    article_id bigint NOT NULL,
    representative_id bigint NOT NULL,
    kind text,
    since timestamp with time zone NOT NULL,
    until timestamp with time zone NOT NULL
);
COMMENT ON TABLE former_clusters IS 'Rows that table clusters had before: by them an export shows the clusters as they were at an earlier moment.';
COMMENT ON COLUMN former_clusters.former_cluster_id IS 'Key.';
COMMENT ON COLUMN former_clusters.article_id IS 'The member.';
COMMENT ON COLUMN former_clusters.representative_id IS 'The member that stood for all.';
COMMENT ON COLUMN former_clusters.kind IS 'What the member was to the representative.';
COMMENT ON COLUMN former_clusters.since IS 'Since when it was so.';
COMMENT ON COLUMN former_clusters.until IS 'When it ended; at this moment it was so no more.';

ALTER TABLE former_clusters ALTER COLUMN former_cluster_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME former_clusters_former_cluster_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE frequent_key_articles (
    key bigint CONSTRAINT hot_key_articles_key_not_null NOT NULL,
    words integer CONSTRAINT hot_key_articles_words_not_null NOT NULL,
    article_id bigint CONSTRAINT hot_key_articles_article_id_not_null NOT NULL
);
COMMENT ON TABLE frequent_key_articles IS 'The articles of each frequent key, by their length.';
COMMENT ON COLUMN frequent_key_articles.key IS 'The frequent key.';
COMMENT ON COLUMN frequent_key_articles.words IS 'Words of the article''s body: copies are about as long, whenever they were published.';
COMMENT ON COLUMN frequent_key_articles.article_id IS 'The article.';

CREATE TABLE frequent_keys (
    key bigint CONSTRAINT hot_keys_key_not_null NOT NULL,
    since timestamp with time zone DEFAULT now() CONSTRAINT hot_keys_since_not_null NOT NULL,
    is_backfilled boolean DEFAULT false CONSTRAINT hot_keys_filled_not_null NOT NULL
);
COMMENT ON TABLE frequent_keys IS 'Sketch keys that so many articles have that each is only compared with those nearest in length.';
COMMENT ON COLUMN frequent_keys.key IS 'The key.';
COMMENT ON COLUMN frequent_keys.since IS 'When it became frequent; it stays so.';
COMMENT ON COLUMN frequent_keys.is_backfilled IS 'Whether frequent_key_articles has all articles that had the key before it was frequent; false where a worker was killed before.';

CREATE TABLE hosts (
    host text NOT NULL,
    next_request_at timestamp with time zone DEFAULT now() NOT NULL,
    closed_until timestamp with time zone,
    closed_because text,
    failures integer DEFAULT 0 NOT NULL,
    openings integer DEFAULT 0 NOT NULL,
    probed_at timestamp with time zone,
    not_found_words text[],
    tdm_asked_at timestamp with time zone,
    tdm_rules jsonb,
    not_found_url text,
    CONSTRAINT hosts_check CHECK (((closed_until IS NULL) OR (closed_because IS NOT NULL)))
)
WITH (fillfactor='50');
COMMENT ON TABLE hosts IS 'One row a host that was ever asked: when it may be asked next. All crawls share it.';
COMMENT ON COLUMN hosts.host IS 'Name, with the port where it is not the scheme''s own.';
COMMENT ON COLUMN hosts.next_request_at IS 'The next request may be sent from then on: the last one, and the delay that held for it.';
COMMENT ON COLUMN hosts.closed_until IS 'No request before this: the host''s Retry-After, or the breaker''s pause; then one request tries whether it answers again.';
COMMENT ON COLUMN hosts.closed_because IS 'Why: http_429, http_503, or the last of the failures that opened the breaker.';
COMMENT ON COLUMN hosts.failures IS 'Pages in a row that gave no answer, or a server error.';
COMMENT ON COLUMN hosts.openings IS 'How often in a row the breaker has opened; each time the pause is twice as long.';
COMMENT ON COLUMN hosts.probed_at IS 'When it was last asked for a page that cannot exist.';
COMMENT ON COLUMN hosts.not_found_words IS 'The words of its answer where that was no 404, so that pages like it are known; empty for an honest host.';
COMMENT ON COLUMN hosts.tdm_asked_at IS 'When it was last asked for /.well-known/tdmrep.json.';
COMMENT ON COLUMN hosts.tdm_rules IS 'What that said, in its order: [location, whether text and data mining is reserved]; empty where there is no such file.';
COMMENT ON COLUMN hosts.not_found_url IS 'Where it leads from addresses that it doesn''t have; null where it answers under them.';

CREATE TABLE key_blocks (
    segment_id bigint NOT NULL,
    block integer NOT NULL,
    entries bytea NOT NULL
);
ALTER TABLE ONLY key_blocks ALTER COLUMN entries SET STORAGE EXTERNAL;
COMMENT ON TABLE key_blocks IS 'The entries of segments; written and deleted together with their segment, which is why no foreign key is checked at each.';
COMMENT ON COLUMN key_blocks.segment_id IS 'The segment.';
COMMENT ON COLUMN key_blocks.block IS 'The place of the block in its segment, from 0.';
COMMENT ON COLUMN key_blocks.entries IS 'Ascending entries of 16 bytes: a key, and an article that had it when it was published; each eight bytes, the highest first.';

CREATE VIEW key_entries AS
 SELECT key_blocks.segment_id,
    ((('x'::text || encode(SUBSTRING(key_blocks.entries FROM (start.start + 1) FOR 8), 'hex'::text)))::bit(64))::bigint AS key,
    ((('x'::text || encode(SUBSTRING(key_blocks.entries FROM (start.start + 9) FOR 8), 'hex'::text)))::bit(64))::bigint AS article_id
   FROM (key_blocks
     CROSS JOIN LATERAL generate_series(0, (length(key_blocks.entries) - 1), 16) start(start));
COMMENT ON VIEW key_entries IS 'The entries of key_blocks, a row each: which article had which key when it was published.';

CREATE TABLE key_segments (
    segment_id bigint NOT NULL,
    level integer NOT NULL,
    entries bigint NOT NULL,
    fence_keys bytea CONSTRAINT key_segments_firsts_not_null NOT NULL,
    filter bytea
);
ALTER TABLE ONLY key_segments ALTER COLUMN fence_keys SET STORAGE EXTERNAL;
ALTER TABLE ONLY key_segments ALTER COLUMN filter SET STORAGE EXTERNAL;
COMMENT ON TABLE key_segments IS 'Sorted segments of sketch keys and their articles, a log-structured merge-tree: each is written once, and merged with others into a larger one.';
COMMENT ON COLUMN key_segments.segment_id IS 'Key.';
COMMENT ON COLUMN key_segments.level IS 'How often its entries have been merged; several segments of a level become one of the next.';
COMMENT ON COLUMN key_segments.entries IS 'How many entries it has.';
COMMENT ON COLUMN key_segments.fence_keys IS 'The first key of each of its blocks, eight bytes each, the highest byte first.';
COMMENT ON COLUMN key_segments.filter IS 'Of a large one, a Bloom filter of its keys (scrapers/dedup/key_index/bloom_filter.py).';

ALTER TABLE key_segments ALTER COLUMN segment_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME key_segments_segment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE last_watch (
    is_last boolean DEFAULT true CONSTRAINT watches_is_last_not_null NOT NULL,
    watched_at timestamp with time zone CONSTRAINT watches_watched_at_not_null NOT NULL,
    CONSTRAINT watches_is_last_check CHECK (is_last)
);
COMMENT ON TABLE last_watch IS 'When alarms of all outlets were last looked for; one row at most. `warta doctor` says so where that is long ago.';
COMMENT ON COLUMN last_watch.is_last IS 'True; so that there is one row.';
COMMENT ON COLUMN last_watch.watched_at IS 'When the last watch ended.';

CREATE VIEW latest_articles AS
 SELECT article_id,
    outlet,
    COALESCE(date_published, first_seen_at) AS at,
    headline,
    date_published,
    author,
    editor,
    date_line,
    article_section,
    array_to_string(article_body, '

'::text) AS body,
    description,
    keywords,
    canonical_url,
    image_url,
    image_caption,
    image_credit_text,
    revision,
    date_modified,
    first_seen_at,
    withdrawn_at
   FROM articles
  ORDER BY COALESCE(date_published, first_seen_at) DESC, article_id DESC;
COMMENT ON VIEW latest_articles IS 'All articles, newest first: SELECT * FROM latest_articles LIMIT 10. `at` is the time of publication, or of the first crawl where the page gives none.';

CREATE SEQUENCE lease_tokens
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
COMMENT ON SEQUENCE lease_tokens IS 'Fencing tokens: each lease has a higher one than all before.';

CREATE TABLE page_counts (
    outlet text NOT NULL,
    state text NOT NULL,
    reason text,
    pages bigint NOT NULL,
    last_discovered_at timestamp with time zone
);
COMMENT ON TABLE page_counts IS 'By how many pages each statement changed the number in a state. Rows are only added, so that crawls never wait for one another, until the end of a run sums up those of its outlet. View ledger has the sums.';
COMMENT ON COLUMN page_counts.outlet IS 'The outlet''s name.';
COMMENT ON COLUMN page_counts.state IS 'The state of these pages.';
COMMENT ON COLUMN page_counts.reason IS 'Their reason.';
COMMENT ON COLUMN page_counts.pages IS 'How many came into the state, less those that left it.';
COMMENT ON COLUMN page_counts.last_discovered_at IS 'When the newest of those that came was discovered; null where none came.';

CREATE VIEW ledger AS
 SELECT outlet,
    state,
    reason,
    (sum(pages))::bigint AS pages,
    max(last_discovered_at) AS last_discovered_at
   FROM page_counts
  GROUP BY outlet, state, reason
 HAVING (sum(pages) <> (0)::numeric)
  ORDER BY outlet, state, reason;
COMMENT ON VIEW ledger IS 'How many pages of each outlet are in which state, and why; and when the newest that ever came into it was discovered.';

CREATE VIEW run_balance AS
SELECT
    NULL::uuid AS run_id,
    NULL::text AS outlet,
    NULL::text AS outcome,
    NULL::timestamp with time zone AS started_at,
    NULL::integer AS discovered,
    NULL::bigint AS accounted,
    NULL::bigint AS leased,
    NULL::boolean AS balanced;
COMMENT ON VIEW run_balance IS 'For each run, what it counted as discovered against what the ledger accounts for, which is less where the run was pruned; `balanced` is true or a page was lost.';

CREATE TABLE run_pages (
    run_id uuid NOT NULL,
    page_id bigint NOT NULL,
    state text NOT NULL,
    reason text,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
COMMENT ON TABLE run_pages IS 'The state in which each run left each page that it discovered or leased; written by a trigger on pages. Of pruned runs only each page''s last one stays.';
COMMENT ON COLUMN run_pages.run_id IS 'The run.';
COMMENT ON COLUMN run_pages.page_id IS 'The page.';
COMMENT ON COLUMN run_pages.state IS 'The page''s state when the run last changed it.';
COMMENT ON COLUMN run_pages.reason IS 'The page''s reason at that moment.';
COMMENT ON COLUMN run_pages.at IS 'When that was.';

CREATE TABLE runs (
    run_id uuid NOT NULL,
    outlet text NOT NULL,
    kind text NOT NULL,
    requested_by text NOT NULL,
    arguments jsonb DEFAULT '{}'::jsonb NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    finished_at timestamp with time zone,
    outcome text DEFAULT 'running'::text NOT NULL,
    reason text,
    discovered integer DEFAULT 0 NOT NULL,
    pruned_at timestamp with time zone,
    progress bigint,
    CONSTRAINT runs_check CHECK (((outcome = 'running'::text) = (finished_at IS NULL))),
    CONSTRAINT runs_kind_check CHECK ((kind = ANY (ARRAY['crawl'::text, 'ingest'::text, 'quarantine'::text, 'reextract'::text]))),
    CONSTRAINT runs_outcome_check CHECK ((outcome = ANY (ARRAY['running'::text, 'succeeded'::text, 'failed'::text, 'stopped'::text, 'interrupted'::text])))
);
COMMENT ON TABLE runs IS 'One row a crawl, an ingest or another work on pages. A pruned run that nothing refers to is deleted.';
COMMENT ON COLUMN runs.run_id IS 'Chosen by who starts the run; an Airflow task derives it from its try.';
COMMENT ON COLUMN runs.outlet IS 'The outlet''s name: the spider, the Dag crawl_<outlet>, the fixture folder.';
COMMENT ON COLUMN runs.kind IS 'crawl: from the web; ingest: from documents; quarantine: pages replayed or dropped by `warta quarantine`; reextract: stored pages read again by `warta reextract`.';
COMMENT ON COLUMN runs.requested_by IS 'Who asked: cli, or airflow:<dag>/<dag run>.';
COMMENT ON COLUMN runs.arguments IS 'What was asked for: limit, since, until, urls, full.';
COMMENT ON COLUMN runs.started_at IS 'When the run began, by the database''s clock.';
COMMENT ON COLUMN runs.finished_at IS 'When it ended; null while it runs.';
COMMENT ON COLUMN runs.outcome IS 'running, succeeded, failed (see reason), stopped (by a signal), interrupted (killed; found dead by a later run).';
COMMENT ON COLUMN runs.reason IS 'Why it did not succeed, in one line.';
COMMENT ON COLUMN runs.discovered IS 'Pages that this run discovered or leased, counted where that was done; view run_balance compares it with the ledger.';
COMMENT ON COLUMN runs.pruned_at IS 'When its part of run_pages and fetches was pruned; null while that is whole. What is the last of a page stays.';
COMMENT ON COLUMN runs.progress IS 'Of a reextraction, the last article that is done, in the order of article_id; the next run with the same arguments goes on after it.';

CREATE TABLE untaken_announcements (
    feed_id bigint NOT NULL,
    url_sha256 bytea NOT NULL,
    url text NOT NULL,
    reason text NOT NULL,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    last_seen_at timestamp with time zone DEFAULT now() NOT NULL
);
COMMENT ON TABLE untaken_announcements IS 'What a feed announces and the crawl does not take, with the reason; of each feed the 1,000 addresses that were seen last. feeds.untaken counts all of the last answer.';
COMMENT ON COLUMN untaken_announcements.feed_id IS 'The feed that announced it.';
COMMENT ON COLUMN untaken_announcements.url_sha256 IS 'SHA-256 of the whole address as announced.';
COMMENT ON COLUMN untaken_announcements.url IS 'The address as announced, its first 2,000 characters; empty for items without one.';
COMMENT ON COLUMN untaken_announcements.reason IS 'Why it is not taken: not_an_article_url, section_front, other_site, file, bad_address, no_address, trap: …; of a feed that is named: other_site, too_long, not_followed.';
COMMENT ON COLUMN untaken_announcements.first_seen_at IS 'When the feed first announced it.';
COMMENT ON COLUMN untaken_announcements.last_seen_at IS 'When it last did, to the hour.';

CREATE VIEW ledger_faults AS
 SELECT 'the run''s pages do not add up'::text AS fault,
    run_balance.run_id,
    NULL::bigint AS page_id,
    (((run_balance.discovered || ' counted, '::text) || run_balance.accounted) || ' in the ledger'::text) AS detail
   FROM run_balance
  WHERE (NOT run_balance.balanced)
UNION ALL
 SELECT 'leased by a run that has ended'::text AS fault,
    pages.run_id,
    pages.page_id,
    pages.url AS detail
   FROM (pages
     JOIN runs USING (run_id))
  WHERE ((pages.state = 'leased'::text) AND (runs.outcome <> 'running'::text))
UNION ALL
 SELECT 'left without a reason'::text AS fault,
    pages.run_id,
    pages.page_id,
    ((pages.url || ' is '::text) || pages.state) AS detail
   FROM pages
  WHERE ((pages.state = ANY (ARRAY['rejected'::text, 'deferred'::text, 'quarantined'::text, 'gave_up'::text, 'duplicate'::text])) AND (COALESCE(pages.reason, ''::text) = ''::text))
UNION ALL
 SELECT 'ended without a reason'::text AS fault,
    runs.run_id,
    NULL::bigint AS page_id,
    runs.outcome AS detail
   FROM runs
  WHERE ((runs.outcome = ANY (ARRAY['failed'::text, 'stopped'::text, 'interrupted'::text])) AND (COALESCE(runs.reason, ''::text) = ''::text))
UNION ALL
 SELECT 'the last run''s account differs'::text AS fault,
    pages.run_id,
    pages.page_id,
    ((COALESCE(run_pages.state, 'none'::text) || ', in the ledger '::text) || pages.state) AS detail
   FROM (pages
     LEFT JOIN run_pages USING (run_id, page_id))
  WHERE (run_pages.state IS DISTINCT FROM pages.state)
UNION ALL
 SELECT 'stored without an article'::text AS fault,
    pages.run_id,
    pages.page_id,
    pages.url AS detail
   FROM pages
  WHERE ((pages.state = 'stored'::text) AND (NOT (EXISTS ( SELECT
           FROM articles
          WHERE (articles.page_id = pages.page_id)))))
UNION ALL
 SELECT 'article of a page that is not stored'::text AS fault,
    pages.run_id,
    articles.page_id,
    ((pages.url || ' is '::text) || pages.state) AS detail
   FROM (articles
     JOIN pages USING (page_id))
  WHERE (pages.state = ANY (ARRAY['discovered'::text, 'duplicate'::text]))
UNION ALL
 SELECT 'revisions with a gap'::text AS fault,
    NULL::uuid AS run_id,
    articles.page_id,
    articles.url AS detail
   FROM articles
  WHERE ((articles.revision <> ( SELECT count(*) AS count
           FROM revisions
          WHERE (revisions.article_id = articles.article_id))) OR (articles.revision <> ( SELECT max(revisions.revision) AS max
           FROM revisions
          WHERE (revisions.article_id = articles.article_id))))
UNION ALL
 SELECT 'stored without a fetch that answered'::text AS fault,
    pages.run_id,
    pages.page_id,
    pages.url AS detail
   FROM pages
  WHERE ((pages.state = ANY (ARRAY['stored'::text, 'unchanged'::text])) AND (pages.url ~ '^https?:'::text) AND (NOT (EXISTS ( SELECT
           FROM fetches
          WHERE ((fetches.page_id = pages.page_id) AND (fetches.outcome = 'answered'::text))))))
UNION ALL
 SELECT 'the feed''s announcements do not add up'::text AS fault,
    NULL::uuid AS run_id,
    NULL::bigint AS page_id,
    (((((((announcement_balance.feed || ' announced '::text) || announcement_balance.announced) || ', '::text) || announcement_balance.taken) || ' taken, '::text) || announcement_balance.untaken) || ' not'::text) AS detail
   FROM announcement_balance
  WHERE (NOT announcement_balance.balanced)
UNION ALL
 SELECT 'not taken without a row'::text AS fault,
    NULL::uuid AS run_id,
    NULL::bigint AS page_id,
    (((feeds.url || ' has '::text) || feeds.untaken) || ', and no row says why'::text) AS detail
   FROM feeds
  WHERE ((feeds.untaken > 0) AND (NOT (EXISTS ( SELECT
           FROM untaken_announcements
          WHERE (untaken_announcements.feed_id = feeds.feed_id)))))
UNION ALL
 SELECT 'announced, and in no state'::text AS fault,
    NULL::uuid AS run_id,
    announcements.page_id,
    feeds.url AS detail
   FROM (announcements
     JOIN feeds USING (feed_id))
  WHERE (NOT (EXISTS ( SELECT
           FROM pages
          WHERE (pages.page_id = announcements.page_id))))
UNION ALL
 SELECT 'the kept number of pages differs'::text AS fault,
    NULL::uuid AS run_id,
    NULL::bigint AS page_id,
    (((concat_ws(' '::text, both_ways.outlet, both_ways.state, both_ways.reason) || ': '::text) || sum(both_ways.pages)) || ' more in the ledger than counted'::text) AS detail
   FROM ( SELECT pages.outlet,
            pages.state,
            pages.reason,
            count(*) AS pages
           FROM pages
          GROUP BY pages.outlet, pages.state, pages.reason
        UNION ALL
         SELECT ledger.outlet,
            ledger.state,
            ledger.reason,
            (- ledger.pages)
           FROM ledger) both_ways
  GROUP BY both_ways.outlet, both_ways.state, both_ways.reason
 HAVING (sum(both_ways.pages) <> (0)::numeric);
COMMENT ON VIEW ledger_faults IS 'Rules of the ledger that are broken. Empty, or something was lost, doubled or left unexplained.';

CREATE TABLE migrations (
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);
COMMENT ON TABLE migrations IS 'Which numbered SQL files were applied to this database.';
COMMENT ON COLUMN migrations.name IS 'The file.';
COMMENT ON COLUMN migrations.sha256 IS 'Its checksum when it was applied; it must never change.';
COMMENT ON COLUMN migrations.applied_at IS 'When that was.';

ALTER TABLE pages ALTER COLUMN page_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME pages_page_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE recurring_sentences (
    outlet text NOT NULL,
    sentences bigint[] NOT NULL,
    articles integer NOT NULL,
    learnt_at timestamp with time zone DEFAULT now() NOT NULL
);
COMMENT ON TABLE recurring_sentences IS 'Sentences that an outlet prints under many headlines: notices, invitations, lists of links. Deduplication leaves them out.';
COMMENT ON COLUMN recurring_sentences.outlet IS 'The outlet.';
COMMENT ON COLUMN recurring_sentences.sentences IS 'Their hashes (scrapers/dedup/text/scanner.py), ascending as unsigned numbers.';
COMMENT ON COLUMN recurring_sentences.articles IS 'How many articles of the outlet there were then, 500 at most; a sample of the newest was read. Once as many came, it is read anew.';
COMMENT ON COLUMN recurring_sentences.learnt_at IS 'When they were read.';

CREATE TABLE refusals (
    article_id bigint NOT NULL,
    revision integer NOT NULL,
    algorithm integer NOT NULL,
    others bigint[] NOT NULL,
    revisions integer[] NOT NULL,
    differs boolean[] NOT NULL,
    judged_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT refusals_check CHECK (((cardinality(others) = cardinality(revisions)) AND (cardinality(others) = cardinality(differs))))
);
COMMENT ON TABLE refusals IS 'Candidate pairs that were judged to be different articles, with the one that was looked at last; they count against joining clusters.';
COMMENT ON COLUMN refusals.article_id IS 'The article.';
COMMENT ON COLUMN refusals.revision IS 'Its revision that was judged; of another one, what stands here counts no more.';
COMMENT ON COLUMN refusals.algorithm IS 'Version of scrapers/dedup/text/signatures.py by which it was judged.';
COMMENT ON COLUMN refusals.others IS 'The articles that it is different from.';
COMMENT ON COLUMN refusals.revisions IS 'Their revisions that were judged, in the same order; a pair counts while both articles are as they were.';
COMMENT ON COLUMN refusals.differs IS 'Whether they are the same text about other facts, in the same order.';
COMMENT ON COLUMN refusals.judged_at IS 'When the article was last compared with one of them; for rows from before this was kept, when that began.';

CREATE TABLE robots (
    origin text NOT NULL,
    body bytea,
    status integer,
    fetched_at timestamp with time zone,
    asked_at timestamp with time zone DEFAULT now() NOT NULL,
    error text,
    CONSTRAINT robots_check CHECK (((body IS NULL) = (fetched_at IS NULL)))
);
COMMENT ON TABLE robots IS 'robots.txt of each origin, as RFC 9309 lets it be kept: a day, and longer only while it cannot be had.';
COMMENT ON COLUMN robots.origin IS 'Scheme, name and port, such as https://www.example.com.';
COMMENT ON COLUMN robots.body IS 'The rules, at most 500 KiB of them; empty where the host has none (4xx). Null: never had.';
COMMENT ON COLUMN robots.status IS 'HTTP status of the last answer; null where none came.';
COMMENT ON COLUMN robots.fetched_at IS 'When the rules were last had.';
COMMENT ON COLUMN robots.asked_at IS 'When they were last asked for.';
COMMENT ON COLUMN robots.error IS 'Why they could not be had then; null where they could.';

CREATE TABLE run_fields (
    run_id uuid NOT NULL,
    field text NOT NULL,
    rule text NOT NULL,
    readings integer NOT NULL,
    sample_page_id bigint NOT NULL
);
COMMENT ON TABLE run_fields IS 'How often each rule found each field in the pages that a run read, whether or not these had changed: a template that changes shows here at once.';
COMMENT ON COLUMN run_fields.run_id IS 'The run.';
COMMENT ON COLUMN run_fields.field IS 'The field of the article.';
COMMENT ON COLUMN run_fields.rule IS 'The rule that found it, as in articles.provenance; empty for pages on which none did.';
COMMENT ON COLUMN run_fields.readings IS 'On how many pages.';
COMMENT ON COLUMN run_fields.sample_page_id IS 'One of these pages, the last.';

CREATE VIEW run_transfer AS
SELECT
    NULL::uuid AS run_id,
    NULL::text AS outlet,
    NULL::timestamp with time zone AS started_at,
    NULL::bigint AS requests,
    NULL::bigint AS not_modified,
    NULL::bigint AS bytes,
    NULL::bigint AS bytes_saved;
COMMENT ON VIEW run_transfer IS 'For each run: requests, those answered with 304 Not Modified, bytes that came (unpacked), and those that would have come again without conditional requests.';

CREATE TABLE signatures (
    article_id bigint NOT NULL,
    revision integer NOT NULL,
    algorithm integer NOT NULL,
    published timestamp with time zone,
    words integer NOT NULL,
    syndicated boolean NOT NULL,
    url_key bigint NOT NULL,
    outlet_id bigint,
    body bigint,
    keys bigint[] NOT NULL,
    signature bytea NOT NULL
);
ALTER TABLE ONLY signatures ALTER COLUMN signature SET STORAGE EXTERNAL;
COMMENT ON TABLE signatures IS 'What each article is compared by, of its newest revision.';
COMMENT ON COLUMN signatures.article_id IS 'The article.';
COMMENT ON COLUMN signatures.revision IS 'The revision that was signed.';
COMMENT ON COLUMN signatures.algorithm IS 'Version of scrapers/dedup/text/signatures.py; only signatures of one version are compared.';
COMMENT ON COLUMN signatures.published IS 'When the article was published; null where the page does not say.';
COMMENT ON COLUMN signatures.words IS 'Words of its body, without boilerplate.';
COMMENT ON COLUMN signatures.syndicated IS 'Whether its text says that another outlet or an agency published it first.';
COMMENT ON COLUMN signatures.url_key IS '64 bits of the hash of what all addresses of the article have in common.';
COMMENT ON COLUMN signatures.outlet_id IS '64 bits of the hash of outlet and the outlet''s own id, where the address shows it.';
COMMENT ON COLUMN signatures.body IS 'A hash of the body without what its outlet prints around all texts; and of the headline too, where the body says nothing of that or is not the whole text; null for a body of a few words.';
COMMENT ON COLUMN signatures.keys IS 'Bottom-k sketch keys: two articles that share one are a candidate pair.';
COMMENT ON COLUMN signatures.signature IS 'The signature, zstd.';

CREATE TABLE snapshots (
    sha256 bytea NOT NULL,
    body bytea,
    bytes integer NOT NULL,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    outlet text,
    dictionary_sha256 bytea,
    level smallint DEFAULT 3 NOT NULL,
    place text,
    stored_bytes integer,
    CONSTRAINT snapshots_check CHECK (((body IS NULL) = (place IS NOT NULL)))
);
ALTER TABLE ONLY snapshots ALTER COLUMN body SET STORAGE EXTERNAL;
COMMENT ON TABLE snapshots IS 'Raw response bodies, each kept once; for ever, or as long as WARTA_KEEP_PAGES and the outlet say.';
COMMENT ON COLUMN snapshots.sha256 IS 'SHA-256 of the body as it was before compression.';
COMMENT ON COLUMN snapshots.body IS 'The body, compressed with zstd; null where `place` says where it is.';
COMMENT ON COLUMN snapshots.bytes IS 'Its length before compression.';
COMMENT ON COLUMN snapshots.first_seen_at IS 'When it was first stored.';
COMMENT ON COLUMN snapshots.outlet IS 'The outlet that it was first fetched for.';
COMMENT ON COLUMN snapshots.dictionary_sha256 IS 'The dictionary that it is compressed with; null without one.';
COMMENT ON COLUMN snapshots.level IS 'zstd''s compression level: 3 as it was stored, 9 once upkeep has compressed it again.';
COMMENT ON COLUMN snapshots.place IS 'Name of the compressed body in the store that WARTA_SNAPSHOTS names; null where `body` has it.';
COMMENT ON COLUMN snapshots.stored_bytes IS 'Its length after compression, wherever it is; null for rows older than migration 0056, whose `body` has it.';

CREATE TABLE splits (
    a bigint NOT NULL,
    b bigint NOT NULL,
    decided_by text NOT NULL,
    decided_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT splits_check CHECK ((a < b))
);
COMMENT ON TABLE splits IS 'Pairs that a person has called different articles; no run joins them. Merging them takes it back.';
COMMENT ON COLUMN splits.a IS 'The article with the smaller id.';
COMMENT ON COLUMN splits.b IS 'The other.';
COMMENT ON COLUMN splits.decided_by IS 'Who decided it.';
COMMENT ON COLUMN splits.decided_at IS 'When.';

CREATE TABLE story_articles (
    article_id bigint NOT NULL,
    story_id bigint NOT NULL
);
COMMENT ON TABLE story_articles IS 'Which story each article belongs to.';
COMMENT ON COLUMN story_articles.article_id IS 'The article.';
COMMENT ON COLUMN story_articles.story_id IS 'The story.';

CREATE VIEW stories AS
 SELECT story_id,
    (array_agg(headline ORDER BY at, article_id))[1] AS headline,
    min(at) AS first_at,
    max(at) AS last_at,
    array_agg(DISTINCT outlet ORDER BY outlet) AS outlets,
    count(*) AS articles,
    array_agg(article_id ORDER BY at, article_id) AS article_ids
   FROM ( SELECT story_articles.story_id,
            story_articles.article_id,
            articles.outlet,
            articles.headline,
            COALESCE(articles.date_published, articles.first_seen_at) AS at
           FROM (story_articles
             JOIN articles USING (article_id))) told
  GROUP BY story_id;
COMMENT ON VIEW stories IS 'Texts of several outlets on one event: the headline of the first, first and last time, outlets, and the articles with all copies.';

CREATE TABLE story_queue (
    article_id bigint NOT NULL
);
COMMENT ON TABLE story_queue IS 'Deduplicated articles that wait to be put into stories.';
COMMENT ON COLUMN story_queue.article_id IS 'The article.';

CREATE TABLE story_splits (
    a bigint NOT NULL,
    b bigint NOT NULL,
    decided_by text NOT NULL,
    decided_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT story_splits_check CHECK ((a < b))
);
COMMENT ON TABLE story_splits IS 'Pairs of stories that a person has set apart; no run merges them.';
COMMENT ON COLUMN story_splits.a IS 'The story with the smaller id.';
COMMENT ON COLUMN story_splits.b IS 'The other.';
COMMENT ON COLUMN story_splits.decided_by IS 'Who decided it.';
COMMENT ON COLUMN story_splits.decided_at IS 'When.';

CREATE TABLE story_terms (
    story_id bigint NOT NULL,
    terms integer[] NOT NULL,
    weights real[] NOT NULL,
    texts integer NOT NULL,
    last_at timestamp with time zone NOT NULL,
    merged_into bigint
);
COMMENT ON TABLE story_terms IS 'What each story is compared by. View stories has what readers see.';
COMMENT ON COLUMN story_terms.story_id IS 'Key; it stays with the story.';
COMMENT ON COLUMN story_terms.terms IS 'Words, words of headlines, and names and numbers of its texts: the heaviest of each, as 32 bits of a hash of which the lowest two tell the kind.';
COMMENT ON COLUMN story_terms.weights IS 'Their weights, in the same order.';
COMMENT ON COLUMN story_terms.texts IS 'How many different texts it has: copies count once.';
COMMENT ON COLUMN story_terms.last_at IS 'The time of its newest text.';
COMMENT ON COLUMN story_terms.merged_into IS 'The story that it is a part of since the two were merged; null for most.';

ALTER TABLE story_terms ALTER COLUMN story_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME story_terms_story_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW syndication AS
 SELECT clusters.representative_id,
    clusters.article_id,
    rank() OVER publication AS "position",
    articles.outlet,
    articles.date_published,
    (articles.date_published - first_value(articles.date_published) OVER publication) AS behind_first,
    clusters.kind,
    clusters.added,
    clusters.cut,
    (articles.headline <> original.headline) AS headline_rewritten,
    articles.headline,
    articles.canonical_url
   FROM ((clusters
     JOIN articles USING (article_id))
     JOIN articles original ON ((original.article_id = clusters.representative_id)))
  WINDOW publication AS (PARTITION BY clusters.representative_id ORDER BY articles.date_published);
COMMENT ON VIEW syndication IS 'Who had a text first, who followed how much later, and what each changed. Compared with the representative: kind, added, cut, headline_rewritten.';

CREATE TABLE takedown_addresses (
    url_sha256 bytea NOT NULL,
    takedown_id bigint NOT NULL,
    url text NOT NULL
);
COMMENT ON TABLE takedown_addresses IS 'The addresses under which an article that was taken down was known, and what they have in common (`url_key`).';
COMMENT ON COLUMN takedown_addresses.url_sha256 IS 'SHA-256 of the address.';
COMMENT ON COLUMN takedown_addresses.takedown_id IS 'The takedown.';
COMMENT ON COLUMN takedown_addresses.url IS 'The address, or its key.';

CREATE TABLE takedowns (
    takedown_id bigint NOT NULL,
    outlet text,
    url text NOT NULL,
    identifier text,
    reason text NOT NULL,
    requested_by text NOT NULL,
    taken_down_at timestamp with time zone DEFAULT now() NOT NULL
);
COMMENT ON TABLE takedowns IS 'Articles whose text was removed for good, and is not stored again. The row keeps who asked for it, when and why, and none of the text.';
COMMENT ON COLUMN takedowns.takedown_id IS 'Key.';
COMMENT ON COLUMN takedowns.outlet IS 'The outlet; null for an address that the ledger did not have.';
COMMENT ON COLUMN takedowns.url IS 'The article''s canonical address, or the address that was given.';
COMMENT ON COLUMN takedowns.identifier IS 'The outlet''s own identifier of the article: under another address it is known by it.';
COMMENT ON COLUMN takedowns.reason IS 'Why.';
COMMENT ON COLUMN takedowns.requested_by IS 'Who asked for it.';
COMMENT ON COLUMN takedowns.taken_down_at IS 'When.';

ALTER TABLE takedowns ALTER COLUMN takedown_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME takedowns_takedown_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW unique_articles AS
 SELECT article_id,
    outlet,
    at,
    headline,
    date_published,
    author,
    editor,
    date_line,
    article_section,
    body,
    description,
    keywords,
    canonical_url,
    image_url,
    image_caption,
    image_credit_text,
    revision,
    date_modified,
    first_seen_at,
    ( SELECT GREATEST((count(*) - 1), (0)::bigint) AS "greatest"
           FROM clusters member
          WHERE (member.representative_id = latest.article_id)) AS copies,
    withdrawn_at
   FROM latest_articles latest
  WHERE (NOT (EXISTS ( SELECT
           FROM clusters
          WHERE ((clusters.article_id = latest.article_id) AND (clusters.representative_id <> clusters.article_id)))))
  ORDER BY at DESC, article_id DESC;
COMMENT ON VIEW unique_articles IS 'Each text once: articles without their duplicates, newest first. `copies` counts the duplicates left out; table clusters names them.';

CREATE TABLE watch_arrivals (
    arrival_id bigint NOT NULL,
    article_id bigint NOT NULL,
    revision integer NOT NULL,
    arrived_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
COMMENT ON TABLE watch_arrivals IS 'Publishers'' revisions that no watch was tried on yet. A trigger writes it while there are watches; a row goes in the transaction that stores its matches.';
COMMENT ON COLUMN watch_arrivals.arrival_id IS 'Key.';
COMMENT ON COLUMN watch_arrivals.article_id IS 'The article.';
COMMENT ON COLUMN watch_arrivals.revision IS 'The revision that was stored.';
COMMENT ON COLUMN watch_arrivals.arrived_at IS 'When it was stored.';

ALTER TABLE watch_arrivals ALTER COLUMN arrival_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME watch_arrivals_arrival_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE watch_matches (
    watch_id bigint NOT NULL,
    article_id bigint NOT NULL,
    revision integer NOT NULL,
    matched_at timestamp with time zone NOT NULL,
    copy_of bigint,
    delivery_id uuid
);
COMMENT ON TABLE watch_matches IS 'Articles that match a watch, each once, whatever is stored of it later.';
COMMENT ON COLUMN watch_matches.watch_id IS 'The watch.';
COMMENT ON COLUMN watch_matches.article_id IS 'The article.';
COMMENT ON COLUMN watch_matches.revision IS 'Its revision that matched.';
COMMENT ON COLUMN watch_matches.matched_at IS 'When that was found.';
COMMENT ON COLUMN watch_matches.copy_of IS 'The match of which this is a copy, and which is told in its place; null where it is told itself.';
COMMENT ON COLUMN watch_matches.delivery_id IS 'The message that tells it; null where none does yet.';

CREATE TABLE watches (
    watch_id bigint NOT NULL,
    name text NOT NULL,
    query text NOT NULL,
    outlet text,
    section text,
    author text,
    in_language text DEFAULT 'id'::text NOT NULL,
    way text NOT NULL,
    address text,
    every text NOT NULL,
    time_of_day time without time zone DEFAULT '07:00:00'::time without time zone NOT NULL,
    time_zone text DEFAULT 'Asia/Jakarta'::text NOT NULL,
    next_at timestamp with time zone,
    feed_sha256 bytea,
    created_by text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    paused_at timestamp with time zone,
    paused_why text,
    CONSTRAINT watches_check CHECK (((address IS NULL) = (way = 'feed'::text))),
    CONSTRAINT watches_check1 CHECK (((next_at IS NULL) = (every = 'at_once'::text))),
    CONSTRAINT watches_check2 CHECK (((paused_at IS NULL) = (paused_why IS NULL))),
    CONSTRAINT watches_every_check CHECK ((every = ANY (ARRAY['at_once'::text, 'hourly'::text, 'daily'::text]))),
    CONSTRAINT watches_way_check CHECK ((way = ANY (ARRAY['email'::text, 'webhook'::text, 'feed'::text])))
);
COMMENT ON TABLE watches IS 'Saved searches: who is told, and when, of articles that match.';
COMMENT ON COLUMN watches.watch_id IS 'Key.';
COMMENT ON COLUMN watches.name IS 'What people call it.';
COMMENT ON COLUMN watches.query IS 'What is looked for, as search_articles() reads it.';
COMMENT ON COLUMN watches.outlet IS 'Only articles of this outlet; null for all.';
COMMENT ON COLUMN watches.section IS 'Only of this section; null for all.';
COMMENT ON COLUMN watches.author IS 'Only by this author; null for all.';
COMMENT ON COLUMN watches.in_language IS 'The language of the query (BCP 47), for other forms of its words.';
COMMENT ON COLUMN watches.way IS 'How it is told: email, webhook, or only by its feed.';
COMMENT ON COLUMN watches.address IS 'E-mail addresses with commas between them, or the name of the webhook''s connection; null where only the feed tells.';
COMMENT ON COLUMN watches.every IS 'at_once, or collected: hourly, daily.';
COMMENT ON COLUMN watches.time_of_day IS 'When the daily message is sent, in time_zone.';
COMMENT ON COLUMN watches.time_zone IS 'The reader''s time zone, in which messages give times.';
COMMENT ON COLUMN watches.next_at IS 'When the next collected message is due; null where matches are told at once.';
COMMENT ON COLUMN watches.feed_sha256 IS 'SHA-256 of the secret in the feed''s address; null where it has no feed.';
COMMENT ON COLUMN watches.created_by IS 'Who saved it.';
COMMENT ON COLUMN watches.created_at IS 'When.';
COMMENT ON COLUMN watches.since IS 'What arrived before is not told: when it was saved or last resumed.';
COMMENT ON COLUMN watches.paused_at IS 'Since when nothing is matched or told; null where it runs.';
COMMENT ON COLUMN watches.paused_why IS 'Why it is paused: by whom, or what its address answered.';

ALTER TABLE watches ALTER COLUMN watch_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME watches_watch_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE webhooks (
    name text NOT NULL,
    events text[] NOT NULL,
    created_by text NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT webhooks_events_check CHECK ((events <@ '{crawl.finished,alarm.raised}'::text[]))
);
COMMENT ON TABLE webhooks IS 'Who is told of events of Warta itself. Address and secret stand in the connection of that name.';
COMMENT ON COLUMN webhooks.name IS 'The connection''s name.';
COMMENT ON COLUMN webhooks.events IS 'What is told: crawl.finished, alarm.raised.';
COMMENT ON COLUMN webhooks.created_by IS 'Who asked for it.';
COMMENT ON COLUMN webhooks.since IS 'When; what happened before is not told.';

ALTER TABLE ONLY alarm_notices
    ADD CONSTRAINT alarm_notices_pkey PRIMARY KEY (alarm_id, channel);

ALTER TABLE ONLY alarms
    ADD CONSTRAINT alarms_pkey PRIMARY KEY (alarm_id);

ALTER TABLE ONLY announcements
    ADD CONSTRAINT announcements_page_id_feed_id_published_modified_title_key UNIQUE NULLS NOT DISTINCT (page_id, feed_id, published, modified, title);

ALTER TABLE ONLY api_tokens
    ADD CONSTRAINT api_tokens_pkey PRIMARY KEY (name);

ALTER TABLE ONLY api_tokens
    ADD CONSTRAINT api_tokens_token_sha256_key UNIQUE (token_sha256);

ALTER TABLE ONLY article_search
    ADD CONSTRAINT article_search_pkey PRIMARY KEY (article_id, revision);

ALTER TABLE ONLY articles
    ADD CONSTRAINT articles_canonical_url_sha256_key UNIQUE (canonical_url_sha256);

ALTER TABLE ONLY articles
    ADD CONSTRAINT articles_pkey PRIMARY KEY (article_id);

ALTER TABLE ONLY clusters
    ADD CONSTRAINT clusters_pkey PRIMARY KEY (article_id);

ALTER TABLE ONLY containments
    ADD CONSTRAINT containments_pkey PRIMARY KEY (article_id, contained_id);

ALTER TABLE ONLY dedup_queue
    ADD CONSTRAINT dedup_queue_pkey PRIMARY KEY (queue_id);

ALTER TABLE ONLY deliveries
    ADD CONSTRAINT deliveries_event_address_subject_key UNIQUE (event, address, subject);

ALTER TABLE ONLY deliveries
    ADD CONSTRAINT deliveries_pkey PRIMARY KEY (delivery_id);

ALTER TABLE ONLY delivery_tries
    ADD CONSTRAINT delivery_tries_pkey PRIMARY KEY (delivery_id, tried_at);

ALTER TABLE ONLY dictionaries
    ADD CONSTRAINT dictionaries_outlet_version_key UNIQUE (outlet, version);

ALTER TABLE ONLY dictionaries
    ADD CONSTRAINT dictionaries_pkey PRIMARY KEY (sha256);

ALTER TABLE ONLY duplicates
    ADD CONSTRAINT duplicates_pkey PRIMARY KEY (duplicate_id);

ALTER TABLE ONLY feeds
    ADD CONSTRAINT feeds_pkey PRIMARY KEY (feed_id);

ALTER TABLE ONLY feeds
    ADD CONSTRAINT feeds_url_key UNIQUE (url);

ALTER TABLE ONLY fetches
    ADD CONSTRAINT fetches_pkey PRIMARY KEY (fetch_id);

ALTER TABLE ONLY former_addresses
    ADD CONSTRAINT former_addresses_pkey PRIMARY KEY (former_address_id);

ALTER TABLE ONLY former_clusters
    ADD CONSTRAINT former_clusters_pkey PRIMARY KEY (former_cluster_id);

ALTER TABLE ONLY frequent_key_articles
    ADD CONSTRAINT frequent_key_articles_pkey PRIMARY KEY (key, words, article_id);

ALTER TABLE ONLY frequent_keys
    ADD CONSTRAINT frequent_keys_pkey PRIMARY KEY (key);

ALTER TABLE ONLY hosts
    ADD CONSTRAINT hosts_pkey PRIMARY KEY (host);

ALTER TABLE ONLY key_blocks
    ADD CONSTRAINT key_blocks_pkey PRIMARY KEY (segment_id, block);

ALTER TABLE ONLY key_segments
    ADD CONSTRAINT key_segments_pkey PRIMARY KEY (segment_id);

ALTER TABLE ONLY last_watch
    ADD CONSTRAINT last_watch_pkey PRIMARY KEY (is_last);

ALTER TABLE ONLY migrations
    ADD CONSTRAINT migrations_pkey PRIMARY KEY (name);

ALTER TABLE ONLY pages
    ADD CONSTRAINT pages_pkey PRIMARY KEY (page_id);

ALTER TABLE ONLY pages
    ADD CONSTRAINT pages_url_sha256_key UNIQUE (url_sha256);

ALTER TABLE ONLY recurring_sentences
    ADD CONSTRAINT recurring_sentences_pkey PRIMARY KEY (outlet);

ALTER TABLE ONLY refusals
    ADD CONSTRAINT refusals_pkey PRIMARY KEY (article_id);

ALTER TABLE ONLY revision_edits
    ADD CONSTRAINT revision_edits_pkey PRIMARY KEY (article_id, revision);

ALTER TABLE ONLY revisions
    ADD CONSTRAINT revisions_pkey PRIMARY KEY (article_id, revision);

ALTER TABLE ONLY robots
    ADD CONSTRAINT robots_pkey PRIMARY KEY (origin);

ALTER TABLE ONLY run_fields
    ADD CONSTRAINT run_fields_pkey PRIMARY KEY (run_id, field, rule);

ALTER TABLE ONLY run_pages
    ADD CONSTRAINT run_pages_pkey PRIMARY KEY (run_id, page_id);

ALTER TABLE ONLY runs
    ADD CONSTRAINT runs_pkey PRIMARY KEY (run_id);

ALTER TABLE ONLY signatures
    ADD CONSTRAINT signatures_pkey PRIMARY KEY (article_id);

ALTER TABLE ONLY snapshots
    ADD CONSTRAINT snapshots_pkey PRIMARY KEY (sha256);

ALTER TABLE ONLY splits
    ADD CONSTRAINT splits_pkey PRIMARY KEY (a, b);

ALTER TABLE ONLY story_articles
    ADD CONSTRAINT story_articles_pkey PRIMARY KEY (article_id);

ALTER TABLE ONLY story_queue
    ADD CONSTRAINT story_queue_pkey PRIMARY KEY (article_id);

ALTER TABLE ONLY story_splits
    ADD CONSTRAINT story_splits_pkey PRIMARY KEY (a, b);

ALTER TABLE ONLY story_terms
    ADD CONSTRAINT story_terms_pkey PRIMARY KEY (story_id);

ALTER TABLE ONLY takedown_addresses
    ADD CONSTRAINT takedown_addresses_pkey PRIMARY KEY (url_sha256);

ALTER TABLE ONLY takedowns
    ADD CONSTRAINT takedowns_pkey PRIMARY KEY (takedown_id);

ALTER TABLE ONLY untaken_announcements
    ADD CONSTRAINT untaken_announcements_pkey PRIMARY KEY (feed_id, url_sha256);

ALTER TABLE ONLY watch_arrivals
    ADD CONSTRAINT watch_arrivals_pkey PRIMARY KEY (arrival_id);

ALTER TABLE ONLY watch_matches
    ADD CONSTRAINT watch_matches_pkey PRIMARY KEY (watch_id, article_id);

ALTER TABLE ONLY watches
    ADD CONSTRAINT watches_feed_sha256_key UNIQUE (feed_sha256);

ALTER TABLE ONLY watches
    ADD CONSTRAINT watches_name_key UNIQUE (name);

ALTER TABLE ONLY watches
    ADD CONSTRAINT watches_pkey PRIMARY KEY (watch_id);

ALTER TABLE ONLY webhooks
    ADD CONSTRAINT webhooks_pkey PRIMARY KEY (name);

ALTER TABLE ONLY withdrawals
    ADD CONSTRAINT withdrawals_pkey PRIMARY KEY (article_id, withdrawn_at);

CREATE INDEX alarms_ended_at_idx ON alarms USING btree (ended_at DESC);

CREATE INDEX alarms_outlet_began_at_idx ON alarms USING btree (outlet, began_at DESC);

CREATE UNIQUE INDEX alarms_standing_key ON alarms USING btree (rule, outlet, field, subject) NULLS NOT DISTINCT WHERE (ended_at IS NULL);
COMMENT ON INDEX alarms_standing_key IS 'The same thing stands once at a time.';

CREATE INDEX announcements_feed_id_first_seen_at_idx ON announcements USING btree (feed_id, first_seen_at DESC);

CREATE INDEX announcements_first_seen_at_idx ON announcements USING btree (first_seen_at);

CREATE INDEX article_search_words_idx ON article_search USING gin (words, labels);
COMMENT ON INDEX article_search_words_idx IS 'Words and labels together, so that a word of one outlet and month is found without the other outlets'' and months''.';

CREATE INDEX articles_canonical_url_idx ON articles USING hash (canonical_url);
COMMENT ON INDEX articles_canonical_url_idx IS 'One article by its address; a hash, since addresses may be longer than a b-tree takes.';

CREATE INDEX articles_claimed_url_idx ON articles USING hash (claimed_url) WHERE (claimed_url IS NOT NULL);

CREATE INDEX articles_md5_idx ON articles USING btree (md5(url_key));

CREATE INDEX articles_newest_idx ON articles USING btree (COALESCE(date_published, first_seen_at) DESC, article_id DESC);
COMMENT ON INDEX articles_newest_idx IS 'The order of latest_articles, whose first rows are read without the others.';

CREATE INDEX articles_outlet_first_seen_at_idx ON articles USING btree (outlet, first_seen_at DESC);

CREATE INDEX articles_page_id_idx ON articles USING btree (page_id);

CREATE INDEX clusters_representative_id_idx ON clusters USING btree (representative_id);

CREATE INDEX containments_contained_id_idx ON containments USING btree (contained_id);

CREATE INDEX deliveries_created_at_idx ON deliveries USING btree (created_at DESC);

CREATE INDEX deliveries_open_idx ON deliveries USING btree (next_try_at) WHERE ((delivered_at IS NULL) AND (gave_up_at IS NULL));

CREATE INDEX deliveries_watch_id_created_at_idx ON deliveries USING btree (watch_id, created_at DESC);

CREATE INDEX duplicates_in_doubt_idx ON duplicates USING btree (score, duplicate_id) WHERE ((revoked_at IS NULL) AND (layer = 'near_duplicate'::text) AND (score < (0.8)::double precision));
COMMENT ON INDEX duplicates_in_doubt_idx IS 'Near-duplicates that were joined with the least certainty, for the page Copies.';

CREATE UNIQUE INDEX duplicates_standing_key ON duplicates USING btree (article_id, duplicate_of, layer) WHERE (revoked_at IS NULL);

CREATE INDEX duplicates_standing_originals_idx ON duplicates USING btree (duplicate_of, article_id) WHERE (revoked_at IS NULL);

CREATE INDEX duplicates_taken_back_idx ON duplicates USING btree (article_id, duplicate_of) WHERE (revoked_at IS NOT NULL);

CREATE INDEX feeds_outlet_found_in_idx ON feeds USING btree (outlet, found_in);

CREATE INDEX feeds_polled_by_idx ON feeds USING btree (polled_by) WHERE (polled_by IS NOT NULL);

CREATE INDEX fetches_feed_id_idx ON fetches USING btree (feed_id) WHERE (feed_id IS NOT NULL);

CREATE UNIQUE INDEX fetches_of_a_feed ON fetches USING btree (run_id, feed_id, requested_at) WHERE (feed_id IS NOT NULL);
COMMENT ON INDEX fetches_of_a_feed IS 'One row a request of a feed, however often it is stored.';

CREATE INDEX fetches_page_id_idx ON fetches USING btree (page_id) WHERE (page_id IS NOT NULL);

CREATE INDEX fetches_run_id_idx ON fetches USING btree (run_id);

CREATE INDEX fetches_snapshot_sha256_idx ON fetches USING btree (snapshot_sha256) WHERE (snapshot_sha256 IS NOT NULL);

CREATE INDEX former_addresses_article_id_idx ON former_addresses USING btree (article_id);

CREATE INDEX former_clusters_until_idx ON former_clusters USING btree (until);

CREATE INDEX page_counts_outlet_idx ON page_counts USING btree (outlet);

CREATE INDEX pages_discovered_at_idx ON pages USING brin (discovered_at) WITH (autosummarize='on');
COMMENT ON INDEX pages_discovered_at_idx IS 'What was discovered since a day, for coverage. BRIN: pages are stored in the order of their discovery, so it takes next to nothing.';

CREATE INDEX pages_duplicate_of_idx ON pages USING btree (duplicate_of) WHERE (duplicate_of IS NOT NULL);

CREATE INDEX pages_leasable_idx ON pages USING btree (outlet, announced_published DESC NULLS LAST, page_id) WHERE ((state = ANY (ARRAY['discovered'::text, 'leased'::text, 'deferred'::text, 'gave_up'::text])) OR (next_fetch_at IS NOT NULL));

CREATE INDEX pages_outlet_state_idx ON pages USING btree (outlet, state);

CREATE INDEX pages_run_id_idx ON pages USING btree (run_id);

CREATE INDEX refusals_in_doubt_idx ON refusals USING btree (article_id DESC) WHERE (true = ANY (differs));
COMMENT ON INDEX refusals_in_doubt_idx IS 'Articles that were kept apart from others with the same text about other facts, for the page Copies.';

CREATE INDEX revision_edits_at_idx ON revision_edits USING btree (at);

CREATE INDEX revisions_run_id_idx ON revisions USING btree (run_id);

CREATE INDEX revisions_snapshot_sha256_idx ON revisions USING btree (snapshot_sha256) WHERE (snapshot_sha256 IS NOT NULL);

CREATE INDEX run_pages_page_id_idx ON run_pages USING btree (page_id);

CREATE INDEX runs_outlet_started_at_idx ON runs USING btree (outlet, started_at DESC);

CREATE INDEX signatures_body_idx ON signatures USING btree (body) WHERE (body IS NOT NULL);

CREATE INDEX signatures_outlet_id_idx ON signatures USING btree (outlet_id) WHERE (outlet_id IS NOT NULL);

CREATE INDEX signatures_url_key_idx ON signatures USING btree (url_key);

CREATE INDEX snapshots_dictionary_sha256_idx ON snapshots USING btree (dictionary_sha256) WHERE (dictionary_sha256 IS NOT NULL);

CREATE INDEX snapshots_outlet_first_seen_at_idx ON snapshots USING btree (outlet, first_seen_at);

CREATE UNIQUE INDEX snapshots_place_idx ON snapshots USING btree (place) WHERE (place IS NOT NULL);
COMMENT ON INDEX snapshots_place_idx IS 'Which names of the store are in use.';

CREATE INDEX snapshots_to_pack_idx ON snapshots USING btree (outlet, first_seen_at) WHERE (level < 9);
COMMENT ON INDEX snapshots_to_pack_idx IS 'What upkeep has to compress again, by outlet, the oldest first.';

CREATE INDEX splits_b_idx ON splits USING btree (b);

CREATE INDEX story_articles_story_id_idx ON story_articles USING btree (story_id);

CREATE INDEX story_terms_last_at_idx ON story_terms USING btree (last_at) WHERE (merged_into IS NULL);

CREATE INDEX takedown_addresses_takedown_id_idx ON takedown_addresses USING btree (takedown_id);

CREATE UNIQUE INDEX takedowns_identifier_key ON takedowns USING btree (outlet, identifier) WHERE (identifier IS NOT NULL);

CREATE INDEX untaken_announcements_url_sha256_idx ON untaken_announcements USING btree (url_sha256);

CREATE INDEX watch_arrivals_article_id_idx ON watch_arrivals USING btree (article_id);

CREATE INDEX watch_matches_article_id_idx ON watch_matches USING btree (article_id);

CREATE INDEX watch_matches_delivery_id_idx ON watch_matches USING btree (delivery_id);

CREATE INDEX watch_matches_newest_idx ON watch_matches USING btree (watch_id, matched_at DESC, article_id DESC) WHERE (copy_of IS NULL);

CREATE INDEX watch_matches_untold_idx ON watch_matches USING btree (watch_id) WHERE ((copy_of IS NULL) AND (delivery_id IS NULL));

CREATE INDEX withdrawals_restored_at_idx ON withdrawals USING btree (restored_at) WHERE (restored_at IS NOT NULL);

CREATE INDEX withdrawals_withdrawn_at_idx ON withdrawals USING btree (withdrawn_at);

CREATE OR REPLACE VIEW run_balance AS
 SELECT runs.run_id,
    runs.outlet,
    runs.outcome,
    runs.started_at,
    runs.discovered,
    count(run_pages.page_id) AS accounted,
    count(run_pages.page_id) FILTER (WHERE (run_pages.state = 'leased'::text)) AS leased,
    ((runs.discovered = count(run_pages.page_id)) OR ((runs.pruned_at IS NOT NULL) AND (runs.discovered > count(run_pages.page_id)))) AS balanced
   FROM (runs
     LEFT JOIN run_pages USING (run_id))
  GROUP BY runs.run_id;

CREATE OR REPLACE VIEW run_transfer AS
 SELECT runs.run_id,
    runs.outlet,
    runs.started_at,
    count(fetches.fetch_id) AS requests,
    count(fetches.fetch_id) FILTER (WHERE (fetches.status = 304)) AS not_modified,
    COALESCE(sum(fetches.bytes), (0)::bigint) AS bytes,
    COALESCE(sum(saved.bytes_saved) FILTER (WHERE (fetches.status = 304)), (0)::bigint) AS bytes_saved
   FROM ((runs
     LEFT JOIN fetches USING (run_id))
     LEFT JOIN LATERAL ( SELECT earlier.bytes AS bytes_saved
           FROM fetches earlier
          WHERE ((fetches.status = 304) AND (earlier.status = 200) AND (earlier.fetch_id < fetches.fetch_id) AND ((earlier.page_id = fetches.page_id) OR (earlier.feed_id = fetches.feed_id)))
          ORDER BY earlier.fetch_id DESC
         LIMIT 1) saved ON (true))
  GROUP BY runs.run_id;

CREATE TRIGGER append_only BEFORE UPDATE OF sha256, outlet, version, pages, body, bytes, ratio, made_at ON dictionaries FOR EACH ROW EXECUTE FUNCTION forbid_change();

CREATE TRIGGER append_only BEFORE UPDATE OF run_id, page_id, feed_id, url, requested_at, seconds, status, bytes, content_type, robots, outcome, error, opt_outs, source, stored_at ON fetches FOR EACH ROW EXECUTE FUNCTION forbid_change();

CREATE TRIGGER append_only BEFORE UPDATE OF article_id, revision, run_id, url, content, provenance, changes, stored_at, origin ON revisions FOR EACH ROW EXECUTE FUNCTION forbid_change();

CREATE TRIGGER append_only BEFORE UPDATE OF sha256, bytes, first_seen_at ON snapshots FOR EACH ROW EXECUTE FUNCTION forbid_change();

CREATE TRIGGER count_changed_pages AFTER UPDATE ON pages REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_pages();

CREATE TRIGGER count_deleted_pages AFTER DELETE ON pages REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION count_pages();

CREATE TRIGGER count_new_pages AFTER INSERT ON pages REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION count_pages();

CREATE TRIGGER count_truncated_pages AFTER TRUNCATE ON pages FOR EACH STATEMENT EXECUTE FUNCTION count_pages();

CREATE TRIGGER index_for_search AFTER INSERT OR UPDATE OF revision ON articles FOR EACH ROW EXECUTE FUNCTION index_for_search();

CREATE TRIGGER keep_former_address AFTER UPDATE OF canonical_url ON articles FOR EACH ROW WHEN ((old.canonical_url <> new.canonical_url)) EXECUTE FUNCTION keep_former_address();

CREATE TRIGGER keep_former_cluster BEFORE DELETE OR UPDATE ON clusters FOR EACH ROW EXECUTE FUNCTION keep_former_cluster();

CREATE TRIGGER move_in_search AFTER UPDATE OF outlet ON articles FOR EACH ROW WHEN ((old.outlet <> new.outlet)) EXECUTE FUNCTION move_in_search();

CREATE TRIGGER queue_for_dedup AFTER INSERT OR UPDATE OF revision, canonical_url ON articles FOR EACH ROW EXECUTE FUNCTION queue_for_dedup();

CREATE TRIGGER queue_for_watches AFTER INSERT ON revisions FOR EACH ROW WHEN ((new.origin = 'publisher'::text)) EXECUTE FUNCTION queue_for_watches();

CREATE TRIGGER queue_pair_for_dedup AFTER UPDATE OF revoked_by ON duplicates FOR EACH ROW WHEN ((new.revoked_by <> 'dedup'::text)) EXECUTE FUNCTION queue_pair_for_dedup();

CREATE TRIGGER record_changed_run_pages AFTER UPDATE ON pages REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_changed_run_pages();

CREATE TRIGGER record_edit AFTER INSERT ON revisions FOR EACH ROW WHEN (((new.revision > 1) AND (new.origin = 'publisher'::text))) EXECUTE FUNCTION record_edit();

CREATE TRIGGER record_new_run_pages AFTER INSERT ON pages REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION record_new_run_pages();

CREATE TRIGGER record_withdrawal AFTER UPDATE OF withdrawn_at ON articles FOR EACH ROW WHEN ((old.withdrawn_at IS DISTINCT FROM new.withdrawn_at)) EXECUTE FUNCTION record_withdrawal();

CREATE TRIGGER set_page_depth BEFORE INSERT ON pages FOR EACH ROW WHEN ((new.discovered_in IS NOT NULL)) EXECUTE FUNCTION set_page_depth();

ALTER TABLE ONLY alarm_notices
    ADD CONSTRAINT alarm_notices_alarm_id_fkey FOREIGN KEY (alarm_id) REFERENCES alarms(alarm_id);

ALTER TABLE ONLY announcements
    ADD CONSTRAINT announcements_feed_id_fkey FOREIGN KEY (feed_id) REFERENCES feeds(feed_id);

ALTER TABLE ONLY announcements
    ADD CONSTRAINT announcements_page_id_fkey FOREIGN KEY (page_id) REFERENCES pages(page_id);

ALTER TABLE ONLY article_search
    ADD CONSTRAINT article_search_article_id_fkey FOREIGN KEY (article_id) REFERENCES articles(article_id) ON DELETE CASCADE;

ALTER TABLE ONLY articles
    ADD CONSTRAINT articles_page_id_fkey FOREIGN KEY (page_id) REFERENCES pages(page_id);

ALTER TABLE ONLY dedup_queue
    ADD CONSTRAINT dedup_queue_article_id_fkey FOREIGN KEY (article_id) REFERENCES articles(article_id);

ALTER TABLE ONLY deliveries
    ADD CONSTRAINT deliveries_watch_id_fkey FOREIGN KEY (watch_id) REFERENCES watches(watch_id) ON DELETE CASCADE;

ALTER TABLE ONLY delivery_tries
    ADD CONSTRAINT delivery_tries_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES deliveries(delivery_id) ON DELETE CASCADE;

ALTER TABLE ONLY feeds
    ADD CONSTRAINT feeds_found_in_fkey FOREIGN KEY (found_in) REFERENCES feeds(feed_id);

ALTER TABLE ONLY feeds
    ADD CONSTRAINT feeds_polled_by_fkey FOREIGN KEY (polled_by) REFERENCES runs(run_id) ON DELETE SET NULL;

ALTER TABLE ONLY fetches
    ADD CONSTRAINT fetches_feed_id_fkey FOREIGN KEY (feed_id) REFERENCES feeds(feed_id);

ALTER TABLE ONLY fetches
    ADD CONSTRAINT fetches_page_id_fkey FOREIGN KEY (page_id) REFERENCES pages(page_id);

ALTER TABLE ONLY fetches
    ADD CONSTRAINT fetches_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(run_id);

ALTER TABLE ONLY fetches
    ADD CONSTRAINT fetches_snapshot_sha256_fkey FOREIGN KEY (snapshot_sha256) REFERENCES snapshots(sha256);

ALTER TABLE ONLY former_addresses
    ADD CONSTRAINT former_addresses_article_id_fkey FOREIGN KEY (article_id) REFERENCES articles(article_id) ON DELETE CASCADE;

ALTER TABLE ONLY pages
    ADD CONSTRAINT pages_duplicate_of_fkey FOREIGN KEY (duplicate_of) REFERENCES pages(page_id);

ALTER TABLE ONLY pages
    ADD CONSTRAINT pages_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(run_id);

ALTER TABLE ONLY revision_edits
    ADD CONSTRAINT revision_edits_article_id_revision_fkey FOREIGN KEY (article_id, revision) REFERENCES revisions(article_id, revision) ON DELETE CASCADE;

ALTER TABLE ONLY revisions
    ADD CONSTRAINT revisions_article_id_fkey FOREIGN KEY (article_id) REFERENCES articles(article_id);

ALTER TABLE ONLY revisions
    ADD CONSTRAINT revisions_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(run_id);

ALTER TABLE ONLY revisions
    ADD CONSTRAINT revisions_snapshot_sha256_fkey FOREIGN KEY (snapshot_sha256) REFERENCES snapshots(sha256);

ALTER TABLE ONLY run_fields
    ADD CONSTRAINT run_fields_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(run_id) ON DELETE CASCADE;

ALTER TABLE ONLY run_fields
    ADD CONSTRAINT run_fields_sample_page_id_fkey FOREIGN KEY (sample_page_id) REFERENCES pages(page_id);

ALTER TABLE ONLY run_pages
    ADD CONSTRAINT run_pages_page_id_fkey FOREIGN KEY (page_id) REFERENCES pages(page_id);

ALTER TABLE ONLY run_pages
    ADD CONSTRAINT run_pages_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(run_id);

ALTER TABLE ONLY signatures
    ADD CONSTRAINT signatures_article_id_fkey FOREIGN KEY (article_id) REFERENCES articles(article_id);

ALTER TABLE ONLY snapshots
    ADD CONSTRAINT snapshots_dictionary_sha256_fkey FOREIGN KEY (dictionary_sha256) REFERENCES dictionaries(sha256);

ALTER TABLE ONLY splits
    ADD CONSTRAINT splits_a_fkey FOREIGN KEY (a) REFERENCES articles(article_id);

ALTER TABLE ONLY splits
    ADD CONSTRAINT splits_b_fkey FOREIGN KEY (b) REFERENCES articles(article_id);

ALTER TABLE ONLY story_articles
    ADD CONSTRAINT story_articles_story_id_fkey FOREIGN KEY (story_id) REFERENCES story_terms(story_id);

ALTER TABLE ONLY story_splits
    ADD CONSTRAINT story_splits_a_fkey FOREIGN KEY (a) REFERENCES story_terms(story_id);

ALTER TABLE ONLY story_splits
    ADD CONSTRAINT story_splits_b_fkey FOREIGN KEY (b) REFERENCES story_terms(story_id);

ALTER TABLE ONLY story_terms
    ADD CONSTRAINT story_terms_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES story_terms(story_id);

ALTER TABLE ONLY takedown_addresses
    ADD CONSTRAINT takedown_addresses_takedown_id_fkey FOREIGN KEY (takedown_id) REFERENCES takedowns(takedown_id);

ALTER TABLE ONLY untaken_announcements
    ADD CONSTRAINT untaken_announcements_feed_id_fkey FOREIGN KEY (feed_id) REFERENCES feeds(feed_id);

ALTER TABLE ONLY watch_arrivals
    ADD CONSTRAINT watch_arrivals_article_id_fkey FOREIGN KEY (article_id) REFERENCES articles(article_id) ON DELETE CASCADE;

ALTER TABLE ONLY watch_matches
    ADD CONSTRAINT watch_matches_article_id_fkey FOREIGN KEY (article_id) REFERENCES articles(article_id) ON DELETE CASCADE;

ALTER TABLE ONLY watch_matches
    ADD CONSTRAINT watch_matches_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES deliveries(delivery_id);

ALTER TABLE ONLY watch_matches
    ADD CONSTRAINT watch_matches_watch_id_fkey FOREIGN KEY (watch_id) REFERENCES watches(watch_id) ON DELETE CASCADE;

ALTER TABLE ONLY withdrawals
    ADD CONSTRAINT withdrawals_article_id_fkey FOREIGN KEY (article_id) REFERENCES articles(article_id);
GRANT USAGE ON SCHEMA public TO warta_reader;
GRANT USAGE ON SCHEMA public TO warta_writer;

REVOKE ALL ON FUNCTION create_roles() FROM PUBLIC;

REVOKE ALL ON FUNCTION grant_to_roles() FROM PUBLIC;
GRANT SELECT ON TABLE alarm_notices TO warta_reader;
GRANT SELECT ON TABLE alarms TO warta_reader;
GRANT SELECT ON TABLE announcement_balance TO warta_reader;
GRANT SELECT ON TABLE announcement_contradictions TO warta_reader;
GRANT SELECT ON TABLE announcements TO warta_reader;
GRANT SELECT ON TABLE api_tokens TO warta_reader;
GRANT SELECT ON TABLE article_search TO warta_reader;
GRANT SELECT ON TABLE articles TO warta_reader;
GRANT SELECT ON TABLE clusters TO warta_reader;
GRANT SELECT ON TABLE contained_articles TO warta_reader;
GRANT SELECT ON TABLE containments TO warta_reader;
GRANT SELECT ON TABLE dedup_queue TO warta_reader;
GRANT SELECT ON TABLE deliveries TO warta_reader;
GRANT SELECT ON TABLE delivery_tries TO warta_reader;
GRANT SELECT ON TABLE dictionaries TO warta_reader;
GRANT SELECT ON TABLE duplicates TO warta_reader;
GRANT SELECT ON TABLE edits TO warta_reader;
GRANT SELECT ON TABLE feeds TO warta_reader;
GRANT SELECT ON TABLE fetches TO warta_reader;
GRANT SELECT ON TABLE former_addresses TO warta_reader;
GRANT SELECT ON TABLE former_clusters TO warta_reader;
GRANT SELECT ON TABLE frequent_key_articles TO warta_reader;
GRANT SELECT ON TABLE frequent_keys TO warta_reader;
GRANT SELECT ON TABLE hosts TO warta_reader;
GRANT SELECT ON TABLE key_blocks TO warta_reader;
GRANT SELECT ON TABLE key_entries TO warta_reader;
GRANT SELECT ON TABLE key_segments TO warta_reader;
GRANT SELECT ON TABLE last_watch TO warta_reader;
GRANT SELECT ON TABLE latest_articles TO warta_reader;
GRANT SELECT ON TABLE ledger TO warta_reader;
GRANT SELECT ON TABLE ledger_faults TO warta_reader;
GRANT SELECT ON TABLE migrations TO warta_reader;
GRANT SELECT ON TABLE migrations TO warta_writer;
GRANT SELECT ON TABLE page_counts TO warta_reader;
GRANT SELECT ON TABLE pages TO warta_reader;
GRANT SELECT ON TABLE recurring_sentences TO warta_reader;
GRANT SELECT ON TABLE refusals TO warta_reader;
GRANT SELECT ON TABLE revision_edits TO warta_reader;
GRANT SELECT ON TABLE revisions TO warta_reader;
GRANT SELECT ON TABLE robots TO warta_reader;
GRANT SELECT ON TABLE run_balance TO warta_reader;
GRANT SELECT ON TABLE run_fields TO warta_reader;
GRANT SELECT ON TABLE run_pages TO warta_reader;
GRANT SELECT ON TABLE run_transfer TO warta_reader;
GRANT SELECT ON TABLE runs TO warta_reader;
GRANT SELECT ON TABLE signatures TO warta_reader;
GRANT SELECT ON TABLE snapshots TO warta_reader;
GRANT SELECT ON TABLE splits TO warta_reader;
GRANT SELECT ON TABLE stories TO warta_reader;
GRANT SELECT ON TABLE story_articles TO warta_reader;
GRANT SELECT ON TABLE story_queue TO warta_reader;
GRANT SELECT ON TABLE story_splits TO warta_reader;
GRANT SELECT ON TABLE story_terms TO warta_reader;
GRANT SELECT ON TABLE syndication TO warta_reader;
GRANT SELECT ON TABLE takedown_addresses TO warta_reader;
GRANT SELECT ON TABLE takedowns TO warta_reader;
GRANT SELECT ON TABLE unique_articles TO warta_reader;
GRANT SELECT ON TABLE untaken_announcements TO warta_reader;
GRANT SELECT ON TABLE watch_arrivals TO warta_reader;
GRANT SELECT ON TABLE watch_matches TO warta_reader;
GRANT SELECT ON TABLE watches TO warta_reader;
GRANT SELECT ON TABLE webhooks TO warta_reader;
GRANT SELECT ON TABLE withdrawals TO warta_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE api_tokens TO warta_writer;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE clusters TO warta_writer;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE containments TO warta_writer;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE dedup_queue TO warta_writer;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE deliveries TO warta_writer;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE delivery_tries TO warta_writer;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE key_blocks TO warta_writer;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE key_segments TO warta_writer;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE refusals TO warta_writer;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE splits TO warta_writer;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE story_queue TO warta_writer;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE story_splits TO warta_writer;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE untaken_announcements TO warta_writer;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE watch_arrivals TO warta_writer;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE watch_matches TO warta_writer;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE watches TO warta_writer;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE webhooks TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE alarm_notices TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE alarms TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE announcement_balance TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE announcement_contradictions TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE announcements TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE article_search TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE articles TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE contained_articles TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE dictionaries TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE duplicates TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE edits TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE feeds TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE fetches TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE former_addresses TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE former_clusters TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE frequent_key_articles TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE frequent_keys TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE hosts TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE key_entries TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE last_watch TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE latest_articles TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE ledger TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE ledger_faults TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE page_counts TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE pages TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE recurring_sentences TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE revision_edits TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE revisions TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE robots TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE run_balance TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE run_fields TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE run_pages TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE run_transfer TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE runs TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE signatures TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE snapshots TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE stories TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE story_articles TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE story_terms TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE syndication TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE takedown_addresses TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE takedowns TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE unique_articles TO warta_writer;
GRANT SELECT,INSERT,UPDATE ON TABLE withdrawals TO warta_writer;
GRANT USAGE ON SEQUENCE alarms_alarm_id_seq TO warta_writer;
GRANT USAGE ON SEQUENCE articles_article_id_seq TO warta_writer;
GRANT USAGE ON SEQUENCE dedup_queue_queue_id_seq TO warta_writer;
GRANT USAGE ON SEQUENCE duplicates_duplicate_id_seq TO warta_writer;
GRANT USAGE ON SEQUENCE feeds_feed_id_seq TO warta_writer;
GRANT USAGE ON SEQUENCE fetches_fetch_id_seq TO warta_writer;
GRANT USAGE ON SEQUENCE former_addresses_former_address_id_seq TO warta_writer;
GRANT USAGE ON SEQUENCE former_clusters_former_cluster_id_seq TO warta_writer;
GRANT USAGE ON SEQUENCE key_segments_segment_id_seq TO warta_writer;
GRANT USAGE ON SEQUENCE lease_tokens TO warta_writer;
GRANT USAGE ON SEQUENCE pages_page_id_seq TO warta_writer;
GRANT USAGE ON SEQUENCE story_terms_story_id_seq TO warta_writer;
GRANT USAGE ON SEQUENCE takedowns_takedown_id_seq TO warta_writer;
GRANT USAGE ON SEQUENCE watch_arrivals_arrival_id_seq TO warta_writer;
GRANT USAGE ON SEQUENCE watches_watch_id_seq TO warta_writer;

ALTER DEFAULT PRIVILEGES FOR ROLE warta IN SCHEMA public GRANT USAGE ON SEQUENCES TO warta_writer;

ALTER DEFAULT PRIVILEGES FOR ROLE warta IN SCHEMA public GRANT SELECT,INSERT,UPDATE ON TABLES TO warta_writer;
ALTER DEFAULT PRIVILEGES FOR ROLE warta IN SCHEMA public GRANT SELECT ON TABLES TO warta_reader;
