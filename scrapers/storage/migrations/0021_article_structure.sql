-- What each paragraph is, the pictures among them, and what stands around the story.
ALTER TABLE articles
    ADD COLUMN body_kinds        text[] NOT NULL DEFAULT '{}',
    ADD COLUMN images            jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN date_line_agency  text,
    ADD COLUMN initials          text,
    ADD COLUMN next_pages        text[] NOT NULL DEFAULT '{}',
    ADD COLUMN charset           jsonb;

COMMENT ON COLUMN articles.body_kinds IS 'What each paragraph of article_body is: paragraph, subhead, list_item, quote; empty for articles stored before it was read.';
COMMENT ON COLUMN articles.images IS 'The pictures inside the body: url, caption, credit_text; the lead image is not among them.';
COMMENT ON COLUMN articles.date_line_agency IS 'The agency or site that the date line names after the place, such as iNews.id.';
COMMENT ON COLUMN articles.initials IS 'Initials of writer and editor that stood after the last sentence, such as fyk/ash.';
COMMENT ON COLUMN articles.next_pages IS 'Addresses of the pages on which the article goes on; empty where all of them were joined.';
COMMENT ON COLUMN articles.charset IS 'The charset used, and those of header and page, where these disagree; else null.';
COMMENT ON COLUMN articles.kind IS 'article, live_blog, gallery, video, infographic or audio.';
