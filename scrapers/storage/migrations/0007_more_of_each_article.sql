-- What extraction finds besides: roles, precision of dates, kind of page, and whether the text is all of it.
ALTER TABLE articles
    ADD COLUMN alternative_headline      text,
    ADD COLUMN contributor               jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN date_published_precision  text CHECK (date_published_precision IN ('day', 'minute', 'second')),
    ADD COLUMN date_modified_precision   text CHECK (date_modified_precision IN ('day', 'minute', 'second')),
    ADD COLUMN kind                      text NOT NULL DEFAULT 'article',
    ADD COLUMN word_count                integer,
    ADD COLUMN is_paywalled              boolean,
    ADD COLUMN is_truncated              boolean NOT NULL DEFAULT false,
    ADD COLUMN identifier                text,
    ADD COLUMN amp_url                   text,
    ADD COLUMN page_starts               integer[] NOT NULL DEFAULT '{}';

COMMENT ON COLUMN articles.alternative_headline IS 'A second headline: the one of search engines or of the social networks.';
COMMENT ON COLUMN articles.contributor IS 'Who else worked on it: name and role.';
COMMENT ON COLUMN articles.date_published_precision IS 'How exactly the page gives it: day, minute, second.';
COMMENT ON COLUMN articles.date_modified_precision IS 'How exactly the page gives it: day, minute, second.';
COMMENT ON COLUMN articles.kind IS 'article, live_blog, gallery, video, infographic, audio or other.';
COMMENT ON COLUMN articles.word_count IS 'Words in the body as printed.';
COMMENT ON COLUMN articles.is_paywalled IS 'Whether the page says that the text is not free; null where it does not say.';
COMMENT ON COLUMN articles.is_truncated IS 'Whether less than the whole text was had.';
COMMENT ON COLUMN articles.identifier IS 'The outlet''s own id of the article.';
COMMENT ON COLUMN articles.amp_url IS 'The article''s AMP form, as the page names it.';
COMMENT ON COLUMN articles.page_starts IS 'For an article joined from several pages: paragraphs before each page.';
