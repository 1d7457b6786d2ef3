-- Articles and their revisions.

-- name: find_articles
-- The articles that a page's result may be of, with the content of their newest revisions, locked against other writers:
-- those read from the page, the one under its own address, the one under the address that it claims, the one that was
-- read from the page of that address, or from what that page duplicates, those that claim the same or this address, and
-- the outlet's with the same text under another form of the address: with or without `.html`, `www.`, a slash.
SELECT articles.article_id, articles.page_id, source.url AS page_url, articles.canonical_url, articles.revision,
       articles.claimed_url, articles.content_sha256, articles.provenance, articles.date_published_precision, revisions.content,
       articles.withdrawn_at IS NOT NULL AS is_withdrawn,
       EXISTS (SELECT FROM pages AS claimed
               WHERE claimed.url_sha256 = %(claimed_sha256)s
                 AND articles.page_id = coalesce(claimed.duplicate_of, claimed.page_id)) AS is_at_claimed
FROM articles
JOIN revisions USING (article_id, revision)
JOIN pages AS source USING (page_id)
WHERE article_id IN (
    SELECT article_id FROM articles WHERE page_id = %(page_id)s
    UNION
    SELECT article_id FROM articles WHERE canonical_url_sha256 = ANY (%(claimed_sha256)s::bytea || %(address_sha256)b::bytea[])
    UNION
    SELECT article_id
    FROM pages AS claimed JOIN articles ON articles.page_id = coalesce(claimed.duplicate_of, claimed.page_id)
    WHERE claimed.url_sha256 = %(claimed_sha256)s
    UNION
    SELECT article_id FROM articles WHERE claimed_url IN (%(claimed)s, %(page_url)s)
    UNION
    SELECT article_id
    FROM articles
    WHERE md5(url_key) IN (
          md5(%(url_key)s::text), md5(%(url_key)s::text || '.html'), md5(regexp_replace(%(url_key)s::text, '\.html?$', '')))
      AND outlet = %(outlet)s AND body_sha256 = %(body_sha256)s)
ORDER BY article_id
FOR UPDATE OF articles;

-- name: insert_articles
-- Insert articles, each with its first revision, but those whose canonical URL or page has an article already; nor, unless
-- they were looked at, those whose text the outlet has under another form of the address: with or without `.html`, `www.`.
WITH inserted AS (
    INSERT INTO articles (
        outlet, page_id, url, canonical_url, canonical_url_sha256, url_key, headline, alternative_headline,
        description, author, editor, contributor, publisher, date_line, date_published, date_published_raw,
        date_published_precision, date_modified, date_modified_raw, date_modified_precision, article_section,
        keywords, kind, image_url, image_caption, image_credit_text, article_body, page_starts, word_count,
        is_paywalled, is_truncated, identifier, amp_url, related, body_kinds, images, date_line_agency, initials,
        next_pages, charset, in_language, provenance, content_sha256, body_sha256, body_words, revision)
    SELECT
        outlet, page_id, url, canonical_url, canonical_url_sha256, url_key, headline, alternative_headline,
        description, author, editor, contributor, publisher, date_line, date_published, date_published_raw,
        date_published_precision, date_modified, date_modified_raw, date_modified_precision, article_section,
        keywords, kind, image_url, image_caption, image_credit_text, article_body, page_starts, word_count,
        is_paywalled, is_truncated, identifier, amp_url, related, body_kinds, images, date_line_agency, initials,
        next_pages, charset, in_language, provenance, content_sha256, body_sha256, body_words, revision
    FROM json_populate_recordset(NULL::articles, %(articles)s) AS given
    WHERE NOT EXISTS (SELECT FROM articles AS known WHERE known.page_id = given.page_id)
      AND (%(were_looked_at)s OR NOT EXISTS (
          SELECT FROM articles AS twin
          WHERE md5(twin.url_key) IN (
                md5(given.url_key), md5(given.url_key || '.html'), md5(regexp_replace(given.url_key, '\.html?$', '')))
            AND twin.outlet = given.outlet AND twin.body_sha256 = given.body_sha256))
    ON CONFLICT (canonical_url_sha256) DO NOTHING
    RETURNING article_id, page_id, url, provenance
), begun AS (
    INSERT INTO revisions (article_id, revision, run_id, snapshot_sha256, url, content, provenance, changes)
    SELECT article_id, 1, %(run_id)s, snapshot_sha256, url, content, provenance, '{}'
    FROM inserted
    JOIN json_to_recordset(%(revisions)s) AS given (page_id bigint, snapshot_sha256 bytea, content jsonb) USING (page_id)
)
SELECT page_id FROM inserted;

-- name: count_readings
-- Add to what the run found by which rule.
INSERT INTO run_fields (run_id, field, rule, readings, sample_page_id)
SELECT %(run_id)s, field, rule, readings, sample_page_id
FROM json_to_recordset(%(rows)s) AS given (field text, rule text, readings integer, sample_page_id bigint)
ORDER BY field, rule
ON CONFLICT (run_id, field, rule)
DO UPDATE SET readings = run_fields.readings + excluded.readings, sample_page_id = excluded.sample_page_id;

-- name: update_article
-- The newest revision takes the place of the one before.
UPDATE articles
SET outlet = given.outlet,
    page_id = given.page_id,
    url = given.url,
    canonical_url = given.canonical_url,
    canonical_url_sha256 = given.canonical_url_sha256,
    url_key = given.url_key,
    headline = given.headline,
    alternative_headline = given.alternative_headline,
    description = given.description,
    author = given.author,
    editor = given.editor,
    contributor = given.contributor,
    publisher = given.publisher,
    date_line = given.date_line,
    date_published = given.date_published,
    date_published_raw = given.date_published_raw,
    date_published_precision = given.date_published_precision,
    date_modified = given.date_modified,
    date_modified_raw = given.date_modified_raw,
    date_modified_precision = given.date_modified_precision,
    article_section = given.article_section,
    keywords = given.keywords,
    kind = given.kind,
    image_url = given.image_url,
    image_caption = given.image_caption,
    image_credit_text = given.image_credit_text,
    article_body = given.article_body,
    page_starts = given.page_starts,
    word_count = given.word_count,
    is_paywalled = given.is_paywalled,
    is_truncated = given.is_truncated,
    identifier = given.identifier,
    amp_url = given.amp_url,
    related = given.related,
    body_kinds = given.body_kinds,
    images = given.images,
    date_line_agency = given.date_line_agency,
    initials = given.initials,
    next_pages = given.next_pages,
    charset = given.charset,
    in_language = given.in_language,
    provenance = given.provenance,
    content_sha256 = given.content_sha256,
    body_sha256 = given.body_sha256,
    body_words = given.body_words,
    revision = given.revision,
    revised_at = now()
FROM json_populate_record(NULL::articles, %(article)s) AS given
WHERE articles.article_id = %(article_id)s;

-- name: insert_revision
-- A further revision of an article, whose row is that of the revision already; without its raw page, where that has just
-- been deleted as older than it is kept.
INSERT INTO revisions (article_id, revision, run_id, snapshot_sha256, url, content, provenance, changes, origin)
SELECT article_id, revision, %(run_id)s, (SELECT sha256 FROM snapshots WHERE sha256 = %(snapshot_sha256)s FOR KEY SHARE),
       url, %(content)s, provenance, %(changes)s, %(origin)s
FROM articles
WHERE article_id = %(article_id)s;

-- name: move_article
-- The same content was read from a better address: the canonical one.
UPDATE articles SET page_id = %(page_id)s, url = %(url)s WHERE article_id = %(article_id)s;

-- name: find_holder
-- The article that has an address, and the page that it was read from; locked against other writers.
SELECT articles.article_id, pages.url
FROM articles JOIN pages USING (page_id)
WHERE articles.canonical_url_sha256 = %(canonical_url_sha256)s
FOR UPDATE OF articles;

-- name: set_address
-- An article goes under another address than the one that it claims.
UPDATE articles
SET canonical_url = %(canonical_url)s, canonical_url_sha256 = %(canonical_url_sha256)s, url_key = %(url_key)s,
    claimed_url = coalesce(%(claimed_url)s, claimed_url),
    provenance = jsonb_set(provenance, '{canonical_url}', to_jsonb(%(rule)s::text))
WHERE article_id = %(article_id)s;

-- name: set_claim
-- The article of a page claims an address that is another article's.
UPDATE articles SET claimed_url = %(claimed_url)s
WHERE page_id = %(page_id)s AND claimed_url IS DISTINCT FROM %(claimed_url)s;

-- name: mark_withdrawn
-- Articles whose pages show them no longer; returns the pages that have any. Since when is kept, and why at first.
UPDATE articles
SET withdrawn_at = coalesce(withdrawn_at, now()), withdrawn_reason = coalesce(withdrawn_reason, gone.reason)
FROM unnest(%(page_id)s::bigint[], %(reason)s::text[]) AS gone (page_id, reason)
WHERE articles.page_id = gone.page_id
RETURNING articles.page_id;

-- name: clear_withdrawn
-- The page of an article shows it again.
UPDATE articles SET withdrawn_at = NULL, withdrawn_reason = NULL
WHERE page_id = ANY (%(page_id)s) AND withdrawn_at IS NOT NULL;

-- name: clear_soft_404
-- Pages that answered as their host does for what it lacks answer as they did before.
UPDATE articles SET withdrawn_at = NULL, withdrawn_reason = NULL
WHERE page_id = ANY (%(page_id)s) AND withdrawn_reason = 'soft_404';

-- name: list_articles
-- The newest articles as `warta articles` shows them.
SELECT article_id, date_published, outlet, headline, revision, nullif(representative_id, article_id) AS copy_of
FROM latest_articles
LEFT JOIN clusters USING (article_id)
ORDER BY at DESC, article_id DESC
LIMIT %(articles)s;

-- name: count_articles
-- Reads all of five tables, for the last line of `warta articles`.
SELECT (SELECT count(*) FROM articles) AS articles, (SELECT count(*) FROM unique_articles) AS unique_articles,
       (SELECT count(DISTINCT article_id) FROM dedup_queue) AS waiting,
       (SELECT count(*) FROM revisions) AS revisions, (SELECT count(*) FROM pages) AS pages;

-- name: article_by_url
-- The article under one of these addresses: its own one, or one of its page's.
SELECT article_id, canonical_url
FROM articles
WHERE canonical_url_sha256 = ANY (%(url_sha256)s::bytea[])
   OR page_id IN (SELECT coalesce(duplicate_of, page_id) FROM pages WHERE url_sha256 = ANY (%(url_sha256)s::bytea[]))
ORDER BY canonical_url_sha256 = ANY (%(url_sha256)s::bytea[]) DESC, article_id DESC
LIMIT 1;

-- name: article_by_id
-- The article of this id.
SELECT article_id, canonical_url FROM articles WHERE article_id = %(article_id)s::bigint;

-- name: newest_of_outlet
-- An outlet's articles, those stored last first, with the beginning of their texts.
SELECT article_id, outlet, headline, canonical_url AS url, coalesce(date_published, first_seen_at) AS at, withdrawn_at,
       left(coalesce(description, array_to_string(article_body[:3], E'\n')), 500) AS snippet
FROM articles
WHERE outlet = %(outlet)s
ORDER BY first_seen_at DESC
LIMIT %(limit)s;
