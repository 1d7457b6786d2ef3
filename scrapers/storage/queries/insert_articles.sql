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
