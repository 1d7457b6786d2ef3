-- Articles, and every text that each has had.
CREATE TABLE articles (
    article_id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    outlet                text NOT NULL,
    page_id               bigint NOT NULL REFERENCES pages,
    url                   text NOT NULL,
    canonical_url         text NOT NULL,
    canonical_url_sha256  bytea NOT NULL UNIQUE,
    url_key               text NOT NULL,
    headline              text NOT NULL,
    description           text,
    author                text[] NOT NULL,
    editor                text,
    publisher             text,
    date_line             text,
    date_published        timestamptz CHECK (date_published BETWEEN '1900-01-01 00:00+00' AND '9999-01-01 00:00+00'),
    date_published_raw    text,
    date_modified         timestamptz CHECK (date_modified BETWEEN '1900-01-01 00:00+00' AND '9999-01-01 00:00+00'),
    date_modified_raw     text,
    article_section       text[] NOT NULL,
    keywords              text[] NOT NULL,
    image_url             text,
    image_caption         text,
    image_credit_text     text,
    article_body          text[] NOT NULL,
    related               jsonb NOT NULL,
    in_language           text,
    provenance            jsonb NOT NULL,
    content_sha256        bytea NOT NULL,
    body_sha256           bytea NOT NULL,
    body_words            integer NOT NULL,
    revision              integer NOT NULL,
    first_seen_at         timestamptz NOT NULL DEFAULT now(),
    revised_at            timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON articles (outlet);
CREATE INDEX ON articles (page_id);
CREATE INDEX ON articles (date_published);
CREATE INDEX ON articles (first_seen_at);
CREATE INDEX ON articles (body_sha256);
CREATE INDEX ON articles (md5(url_key));

COMMENT ON TABLE articles IS 'One row an article: its newest revision. First query: SELECT * FROM latest_articles LIMIT 10.';
COMMENT ON COLUMN articles.article_id IS 'Key.';
COMMENT ON COLUMN articles.outlet IS 'The outlet''s name.';
COMMENT ON COLUMN articles.page_id IS 'The page of the ledger that the newest revision was read from.';
COMMENT ON COLUMN articles.url IS 'The address it was read from; ni:///sha-256;… (RFC 6920) for a text document without one.';
COMMENT ON COLUMN articles.canonical_url IS 'The address that identifies the article.';
COMMENT ON COLUMN articles.canonical_url_sha256 IS 'SHA-256 of canonical_url; what makes it unique.';
COMMENT ON COLUMN articles.url_key IS 'canonical_url without scheme, www. or m., and the slash at its end; equal keys are the same article.';
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
COMMENT ON COLUMN articles.body_sha256 IS 'SHA-256 of the body with case, space, quotes and dashes evened out; equal means an exact duplicate.';
COMMENT ON COLUMN articles.body_words IS 'Words in the body.';
COMMENT ON COLUMN articles.revision IS 'Number of the newest revision, from 1.';
COMMENT ON COLUMN articles.first_seen_at IS 'When it was first stored.';
COMMENT ON COLUMN articles.revised_at IS 'When the newest revision was stored.';

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
