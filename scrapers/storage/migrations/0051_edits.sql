-- What publishers do to articles after the first version: edits, withdrawals, returns.
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;

ALTER TABLE revisions ADD COLUMN origin text NOT NULL DEFAULT 'publisher' CHECK (origin IN ('publisher', 'reextraction'));
COMMENT ON COLUMN revisions.origin IS 'Who made the difference: the publisher, who changed the page; or reextraction, which read the same page again by newer rules.';

CREATE TABLE withdrawals (
    article_id    bigint NOT NULL REFERENCES articles,
    withdrawn_at  timestamptz NOT NULL,
    reason        text NOT NULL,
    restored_at   timestamptz,
    PRIMARY KEY (article_id, withdrawn_at)
);
COMMENT ON TABLE withdrawals IS 'Each time that an article''s page showed it no longer. The text is kept.';
COMMENT ON COLUMN withdrawals.article_id IS 'The article.';
COMMENT ON COLUMN withdrawals.withdrawn_at IS 'When a crawl first saw that the article was gone.';
COMMENT ON COLUMN withdrawals.reason IS 'How that was seen: http_404, http_410, http_451, soft_404, not_found_notice, or where the page leads to.';
COMMENT ON COLUMN withdrawals.restored_at IS 'When a crawl first saw the article again; null while it is withdrawn.';
CREATE INDEX ON withdrawals (withdrawn_at);
CREATE INDEX ON withdrawals (restored_at) WHERE restored_at IS NOT NULL;

CREATE FUNCTION record_withdrawal() RETURNS trigger LANGUAGE plpgsql AS $$
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
COMMENT ON FUNCTION record_withdrawal IS 'Keeps withdrawals in step with articles, whoever writes.';
CREATE TRIGGER record_withdrawal AFTER UPDATE OF withdrawn_at ON articles
FOR EACH ROW WHEN (old.withdrawn_at IS DISTINCT FROM new.withdrawn_at) EXECUTE FUNCTION record_withdrawal();

INSERT INTO withdrawals (article_id, withdrawn_at, reason)
SELECT article_id, withdrawn_at, withdrawn_reason FROM articles WHERE withdrawn_at IS NOT NULL;

CREATE FUNCTION edit_words(given text) RETURNS SETOF text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT word
    FROM string_to_table(regexp_replace(lower(given), '\s+', ' ', 'g'), ' ') AS part,
         btrim(part, '.,;:!?…"''()[]“”‘’«»–—-') AS word
    WHERE word <> ''
$$;
COMMENT ON FUNCTION edit_words IS 'The words of a text in lower case, without the punctuation around them.';

CREATE FUNCTION is_respelled(before text, after text, gone text[], come text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(lower(before), '[^[:alnum:]]+', '', 'g') = regexp_replace(lower(after), '[^[:alnum:]]+', '', 'g')
        OR cardinality(gone) = cardinality(come) AND cardinality(gone) BETWEEN 1 AND 5
       AND NOT EXISTS (
           SELECT FROM unnest(gone) AS old (word)
           WHERE word ~ '[0-9]' OR NOT EXISTS (
               SELECT FROM unnest(come) AS new (word)
               WHERE levenshtein_less_equal(left(old.word, 50), left(new.word, 50), 2)
                     <= CASE WHEN length(old.word) < 5 THEN 1 ELSE 2 END))
$$;
COMMENT ON FUNCTION is_respelled IS 'Whether two texts differ by spelling only: by punctuation, capitals and spaces, or in up to five words by a letter or two each. `gone` and `come` are the words that only one of them has.';

CREATE FUNCTION describe_edit(
    changes jsonb, OUT kinds text[], OUT words_added integer, OUT words_removed integer, OUT paragraphs_removed integer)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
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
COMMENT ON FUNCTION describe_edit IS 'What a revision''s changes amount to: its kinds, the weightiest first, and how many words and paragraphs of the body came and went. Words that only moved are neither. A paragraph is removed where at least 60 % of its words, of five or more, are gone.';

CREATE TABLE revision_edits (
    article_id          bigint NOT NULL,
    revision            integer NOT NULL,
    at                  timestamptz NOT NULL,
    kinds               text[] NOT NULL,
    words_added         integer NOT NULL,
    words_removed       integer NOT NULL,
    paragraphs_removed  integer NOT NULL,
    PRIMARY KEY (article_id, revision),
    FOREIGN KEY (article_id, revision) REFERENCES revisions ON DELETE CASCADE
);
COMMENT ON TABLE revision_edits IS 'What the publisher''s revisions amount to, one row for each after the first; view edits shows them.';
COMMENT ON COLUMN revision_edits.article_id IS 'The article.';
COMMENT ON COLUMN revision_edits.revision IS 'The revision that the edit led to.';
COMMENT ON COLUMN revision_edits.at IS 'When the revision was stored.';
COMMENT ON COLUMN revision_edits.kinds IS 'paragraph_removed, figures_changed, headline_rewrite, update, typo, details (neither headline nor body): all that apply, the weightiest first.';
COMMENT ON COLUMN revision_edits.words_added IS 'Words of the body that the revision before had not, or fewer times.';
COMMENT ON COLUMN revision_edits.words_removed IS 'Words of the body that the revision has no longer, or fewer times.';
COMMENT ON COLUMN revision_edits.paragraphs_removed IS 'Paragraphs most of whose words are gone.';
CREATE INDEX ON revision_edits (at);

CREATE FUNCTION record_edit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO revision_edits (article_id, revision, at, kinds, words_added, words_removed, paragraphs_removed)
    SELECT new.article_id, new.revision, new.stored_at, kinds, words_added, words_removed, paragraphs_removed
    FROM describe_edit(new.changes);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION record_edit IS 'Describes each revision that a publisher made, in revision_edits.';
CREATE TRIGGER record_edit AFTER INSERT ON revisions
FOR EACH ROW WHEN (new.revision > 1 AND new.origin = 'publisher') EXECUTE FUNCTION record_edit();

INSERT INTO revision_edits (article_id, revision, at, kinds, words_added, words_removed, paragraphs_removed)
SELECT article_id, revision, stored_at, kinds, words_added, words_removed, paragraphs_removed
FROM revisions CROSS JOIN describe_edit(changes)
WHERE revision > 1;

CREATE VIEW edits AS
SELECT articles.article_id, articles.outlet, articles.canonical_url, edited.at,
       CASE WHEN articles.date_published_precision <> 'day'
            THEN round(extract(epoch FROM edited.at - articles.date_published) / 60)::bigint END AS minutes_after_publication,
       edited.kinds[1] AS kind, edited.kinds, edited.revision,
       articles.headline, edited.changes #>> '{headline,0}' AS headline_before, edited.changes #>> '{headline,1}' AS headline_after,
       edited.words_added, edited.words_removed, edited.paragraphs_removed,
       edited.changes -> 'author' -> 0 AS author_before, edited.changes -> 'author' -> 1 AS author_after,
       (edited.changes #>> '{date_published,0}')::timestamptz AS date_published_before,
       (edited.changes #>> '{date_published,1}')::timestamptz AS date_published_after,
       array(SELECT jsonb_object_keys(edited.changes)) AS fields,
       edited.reason
FROM (
    SELECT article_id, revision, at, kinds, words_added, words_removed, paragraphs_removed, changes, NULL AS reason
    FROM revision_edits JOIN revisions USING (article_id, revision)
    UNION ALL
    SELECT article_id, NULL, withdrawn_at, '{withdrawn}', NULL, NULL, NULL, '{}', reason
    FROM withdrawals
    UNION ALL
    SELECT article_id, NULL, restored_at, '{restored}', NULL, NULL, NULL, '{}', reason
    FROM withdrawals
    WHERE restored_at IS NOT NULL
) AS edited
JOIN articles USING (article_id);
COMMENT ON VIEW edits IS 'What publishers did to articles after their first version, also that they withdrew or restored them. `at` is when a crawl saw it. Before and after are null where they are the same. SELECT * FROM edits WHERE at > now() - interval ''1 day'' ORDER BY at DESC reads only that day.';
