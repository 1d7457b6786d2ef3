-- Articles, and every text that each has had.
CREATE TABLE articles (
    article_id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    outlet                    text NOT NULL,
    page_id                   bigint NOT NULL REFERENCES pages,
    url                       text NOT NULL,
    canonical_url             text NOT NULL,
    canonical_url_sha256      bytea NOT NULL UNIQUE,
    url_key                   text NOT NULL,
    headline                  text NOT NULL,
    description               text,
    author                    text[] NOT NULL,
    editor                    text,
    publisher                 text,
    date_line                 text,
    date_published            timestamptz
                              CHECK (date_published BETWEEN '1900-01-01 00:00+00' AND '9999-01-01 00:00+00'),
    date_published_raw        text,
    date_modified             timestamptz
                              CHECK (date_modified BETWEEN '1900-01-01 00:00+00' AND '9999-01-01 00:00+00'),
    date_modified_raw         text,
    article_section           text[] NOT NULL,
    keywords                  text[] NOT NULL,
    image_url                 text,
    image_caption             text,
    image_credit_text         text,
    article_body              text[] NOT NULL,
    related                   jsonb NOT NULL,
    in_language               text,
    provenance                jsonb NOT NULL,
    content_sha256            bytea NOT NULL,
    body_sha256               bytea NOT NULL,
    body_words                integer NOT NULL,
    revision                  integer NOT NULL,
    first_seen_at             timestamptz NOT NULL DEFAULT now(),
    revised_at                timestamptz NOT NULL DEFAULT now(),
    alternative_headline      text,
    contributor               jsonb NOT NULL DEFAULT '[]',
    date_published_precision  text CHECK (date_published_precision IN ('day', 'minute', 'second')),
    date_modified_precision   text CHECK (date_modified_precision IN ('day', 'minute', 'second')),
    kind                      text NOT NULL DEFAULT 'article',
    word_count                integer,
    is_paywalled              boolean,
    is_truncated              boolean NOT NULL DEFAULT false,
    identifier                text,
    amp_url                   text,
    page_starts               integer[] NOT NULL DEFAULT '{}',
    body_kinds                text[] NOT NULL DEFAULT '{}',
    images                    jsonb NOT NULL DEFAULT '[]',
    date_line_agency          text,
    initials                  text,
    next_pages                text[] NOT NULL DEFAULT '{}',
    charset                   jsonb,
    withdrawn_at              timestamptz,
    withdrawn_reason          text,
    claimed_url               text,
    CHECK ((withdrawn_at IS NULL) = (withdrawn_reason IS NULL))
);
CREATE INDEX ON articles (page_id);
CREATE INDEX ON articles (md5(url_key));
CREATE INDEX ON articles (outlet, first_seen_at DESC);
CREATE INDEX ON articles USING hash (claimed_url) WHERE claimed_url IS NOT NULL;  -- an address may be longer than a btree takes
CREATE INDEX articles_newest_idx ON articles ((coalesce(date_published, first_seen_at)) DESC, article_id DESC);
CREATE INDEX articles_canonical_url_idx ON articles USING hash (canonical_url);

COMMENT ON TABLE articles IS 'One row an article: its newest revision. First query: SELECT * FROM latest_articles LIMIT 10.';
COMMENT ON COLUMN articles.article_id IS 'Key.';
COMMENT ON COLUMN articles.outlet IS 'The outlet''s name.';
COMMENT ON COLUMN articles.page_id IS 'The page of the ledger that the newest revision was read from.';
COMMENT ON COLUMN articles.url IS 'The address it was read from; ni:///sha-256;… (RFC 6920) for a text document without one.';
COMMENT ON COLUMN articles.canonical_url IS 'The address that identifies the article: as its page declares it, or the page''s own where that is another article''s.';
COMMENT ON COLUMN articles.canonical_url_sha256 IS 'SHA-256 of canonical_url; what makes it unique.';
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
COMMENT ON COLUMN articles.url_key IS 'What all forms of canonical_url have in common: no scheme, no www. or m., no slash at the end.';
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
COMMENT ON INDEX articles_newest_idx IS 'The order of latest_articles, whose first rows are read without the others.';
COMMENT ON INDEX articles_canonical_url_idx IS 'One article by its address; a hash, since addresses may be longer than a b-tree takes.';

CREATE FUNCTION search_text(headline text, body text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN to_tsvector('pg_catalog.indonesian'::regconfig, left(coalesce(headline, '') || ' ' || coalesce(body, ''), 100000));
COMMENT ON FUNCTION search_text IS 'What full-text search finds an article by: the words of its first 100,000 characters. A tsvector holds 1 MB, and a query that makes a larger one of any row fails as a whole.';

CREATE TABLE revisions (
    article_id       bigint NOT NULL REFERENCES articles,
    revision         integer NOT NULL,
    run_id           uuid NOT NULL REFERENCES runs,
    snapshot_sha256  bytea REFERENCES snapshots,
    url              text NOT NULL,
    content          jsonb NOT NULL,
    provenance       jsonb NOT NULL,
    changes          jsonb NOT NULL,
    stored_at        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (article_id, revision)
);
CREATE INDEX ON revisions (run_id);
CREATE INDEX ON revisions (snapshot_sha256) WHERE snapshot_sha256 IS NOT NULL;
CREATE TRIGGER append_only BEFORE UPDATE ON revisions FOR EACH ROW EXECUTE FUNCTION forbid_change();

COMMENT ON TABLE revisions IS 'Every text that an article has had; a row only when it changed; never changed itself.';
COMMENT ON COLUMN revisions.article_id IS 'The article.';
COMMENT ON COLUMN revisions.revision IS 'From 1, without gaps.';
COMMENT ON COLUMN revisions.run_id IS 'The run that found it.';
COMMENT ON COLUMN revisions.snapshot_sha256 IS 'The page it was read from, in snapshots.';
COMMENT ON COLUMN revisions.url IS 'The address it was read from.';
COMMENT ON COLUMN revisions.content IS 'The article''s fields at that time.';
COMMENT ON COLUMN revisions.provenance IS 'For each field the rule that gave it.';
COMMENT ON COLUMN revisions.changes IS 'What changed since the revision before: {field: [old, new]}; empty for the first.';
COMMENT ON COLUMN revisions.stored_at IS 'When it was stored.';
