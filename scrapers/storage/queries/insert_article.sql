INSERT INTO articles (
    outlet, page_id, url, canonical_url, canonical_url_sha256, url_key, headline, alternative_headline, description,
    author, editor, contributor, publisher, date_line, date_published, date_published_raw, date_published_precision,
    date_modified, date_modified_raw, date_modified_precision, article_section, keywords, kind, image_url,
    image_caption, image_credit_text, article_body, page_starts, word_count, is_paywalled, is_truncated, identifier,
    amp_url, related, body_kinds, images, date_line_agency, initials, next_pages, charset, in_language, provenance,
    content_sha256, body_sha256, body_words, revision)
VALUES (
    %(outlet)s, %(page_id)s, %(url)s, %(canonical_url)s, %(canonical_url_sha256)s, %(url_key)s, %(headline)s,
    %(alternative_headline)s, %(description)s, %(author)s, %(editor)s, %(contributor)s, %(publisher)s,
    %(date_line)s, %(date_published)s, %(date_published_raw)s, %(date_published_precision)s, %(date_modified)s,
    %(date_modified_raw)s, %(date_modified_precision)s, %(article_section)s, %(keywords)s, %(kind)s, %(image_url)s,
    %(image_caption)s, %(image_credit_text)s, %(article_body)s, %(page_starts)s, %(word_count)s, %(is_paywalled)s,
    %(is_truncated)s, %(identifier)s, %(amp_url)s, %(related)s, %(body_kinds)s, %(images)s,
    %(date_line_agency)s, %(initials)s, %(next_pages)s, %(charset)s, %(in_language)s, %(provenance)s,
    %(content_sha256)s, %(body_sha256)s, %(body_words)s, %(revision)s)
ON CONFLICT (canonical_url_sha256) DO NOTHING
RETURNING article_id;
