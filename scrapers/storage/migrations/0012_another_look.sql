-- Stored pages are looked at again, conditionally.
ALTER TABLE pages
    ADD COLUMN first_stored_at  timestamptz,
    ADD COLUMN etag             text,
    ADD COLUMN last_modified    text,
    ADD COLUMN content_sha256   bytea;

COMMENT ON COLUMN pages.first_stored_at IS 'When its article was first stored; another look is due an hour, six hours, a day and a week later, or as the outlet declares.';
COMMENT ON COLUMN pages.etag IS 'ETag of the answer that the article was read from; null where that took several.';
COMMENT ON COLUMN pages.last_modified IS 'Last-Modified of that answer, as sent.';
COMMENT ON COLUMN pages.content_sha256 IS 'SHA-256 of its body; the same body is not read again.';

-- the revisions tell when a page of before gave its article
UPDATE pages SET first_stored_at = articles.first_seen_at FROM articles WHERE articles.page_id = pages.page_id;
