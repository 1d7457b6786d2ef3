-- What sites say is a hint: a story that was taken down keeps its text, and what feeds say of authors is kept.
ALTER TABLE articles
    ADD COLUMN withdrawn_at      timestamptz,
    ADD COLUMN withdrawn_reason  text,
    ADD COLUMN claimed_url       text,
    ADD CHECK ((withdrawn_at IS NULL) = (withdrawn_reason IS NULL));
COMMENT ON COLUMN articles.withdrawn_at IS 'Since when its page no longer shows it; null where it does. The text stays the last that was shown.';
COMMENT ON COLUMN articles.withdrawn_reason IS 'What its page gave instead: http_404, http_410, http_451, soft_404, not_found_notice, notice, or redirected: and where to.';
COMMENT ON COLUMN articles.canonical_url IS 'The address that identifies the article: as its page declares it, or the page''s own where that is another article''s.';
COMMENT ON COLUMN articles.claimed_url IS 'The address that its page declares although that is another article''s; null for most.';
CREATE INDEX ON articles USING hash (claimed_url) WHERE claimed_url IS NOT NULL;  -- an address may be longer than a btree takes

-- An article that makes way for the one whose address it claimed has another address from then on.
DROP TRIGGER queue_for_dedup ON articles;
CREATE TRIGGER queue_for_dedup AFTER INSERT OR UPDATE OF revision, canonical_url ON articles
FOR EACH ROW EXECUTE FUNCTION queue_for_dedup();

ALTER TABLE pages ADD COLUMN announced_author text[];
COMMENT ON COLUMN pages.announced_author IS 'Who wrote it, as the feed names them.';

ALTER TABLE announcements
    ADD COLUMN author text[],
    DROP CONSTRAINT announcements_check,
    ADD CHECK (title IS NOT NULL OR published IS NOT NULL OR modified IS NOT NULL OR author IS NOT NULL);
COMMENT ON COLUMN announcements.author IS 'Who wrote it, as the feed last named them.';

ALTER TABLE hosts ADD COLUMN not_found_url text;
COMMENT ON COLUMN hosts.not_found_url IS 'Where it leads from addresses that it doesn''t have; null where it answers under them.';

CREATE OR REPLACE VIEW latest_articles AS
SELECT article_id, outlet, coalesce(date_published, first_seen_at) AS at, headline, date_published, author, editor,
       date_line, article_section, array_to_string(article_body, E'\n\n') AS body, description, keywords,
       canonical_url, image_url, image_caption, image_credit_text, revision, date_modified, first_seen_at, withdrawn_at
FROM articles
ORDER BY at DESC, article_id DESC;
