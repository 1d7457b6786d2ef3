INSERT INTO articles (
    outlet, page_id, url, canonical_url, canonical_url_sha256, url_key, headline, description, author,
    editor, publisher, date_line, date_published, date_published_raw, date_modified, date_modified_raw,
    article_section, keywords, image_url, image_caption, image_credit_text, article_body, related,
    in_language, provenance, content_sha256, body_sha256, body_words, revision)
VALUES (
    %(outlet)s, %(page_id)s, %(url)s, %(canonical_url)s, %(canonical_url_sha256)s, %(url_key)s,
    %(headline)s, %(description)s, %(author)s, %(editor)s, %(publisher)s, %(date_line)s, %(date_published)s,
    %(date_published_raw)s, %(date_modified)s, %(date_modified_raw)s, %(article_section)s, %(keywords)s,
    %(image_url)s, %(image_caption)s, %(image_credit_text)s, %(article_body)s, %(related)s, %(in_language)s,
    %(provenance)s, %(content_sha256)s, %(body_sha256)s, %(body_words)s, %(revision)s)
ON CONFLICT (canonical_url_sha256) DO NOTHING
RETURNING article_id;
