-- What an outlet prints around all its texts is learnt, and which article has another's text in it without being its copy.
CREATE TABLE recurring_sentences (
    outlet     text PRIMARY KEY,
    sentences  bigint[] NOT NULL,
    articles   integer NOT NULL,
    learnt_at  timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE recurring_sentences IS 'Sentences that an outlet prints under many headlines: notices, invitations, lists of links. Deduplication leaves them out.';
COMMENT ON COLUMN recurring_sentences.outlet IS 'The outlet.';
COMMENT ON COLUMN recurring_sentences.sentences IS 'Their hashes (scrapers/dedup/text/scanner.py), ascending as unsigned numbers.';
COMMENT ON COLUMN recurring_sentences.articles IS 'Articles of the outlet that were looked at, the newest.';
COMMENT ON COLUMN recurring_sentences.learnt_at IS 'When they were looked at.';

CREATE TABLE containments (
    article_id          bigint NOT NULL,
    contained_id        bigint NOT NULL,
    share               real NOT NULL CHECK (share BETWEEN 0 AND 1),
    share_of_article    real NOT NULL CHECK (share_of_article BETWEEN 0 AND 1),
    revision            integer NOT NULL,
    contained_revision  integer NOT NULL,
    PRIMARY KEY (article_id, contained_id)
);
CREATE INDEX ON containments (contained_id);

COMMENT ON TABLE containments IS 'Articles that have the text of another in them without being its copy: digests, round-ups, reports with an older one behind.';
COMMENT ON COLUMN containments.article_id IS 'The article with the text of another in it.';
COMMENT ON COLUMN containments.contained_id IS 'The other.';
COMMENT ON COLUMN containments.share IS 'The share of the other''s words that the article has, from 0 to 1.';
COMMENT ON COLUMN containments.share_of_article IS 'The share of the article''s words that the other has.';
COMMENT ON COLUMN containments.revision IS 'The article''s revision that was compared; of another one, the row counts no more.';
COMMENT ON COLUMN containments.contained_revision IS 'The other''s revision that was compared.';

CREATE VIEW contained_articles AS
SELECT article.article_id, article.outlet, article.headline, contained_id, contained.outlet AS contained_outlet,
       contained.headline AS contained_headline, share, share_of_article
FROM containments
JOIN articles AS article ON article.article_id = containments.article_id
JOIN articles AS contained ON contained.article_id = contained_id
WHERE article.revision = containments.revision AND contained.revision = contained_revision;
COMMENT ON VIEW contained_articles IS 'Articles with the text of another in them, and of how much: digests, round-ups, reports with an older one behind.';

ALTER TABLE refusals ADD COLUMN judged_at timestamptz NOT NULL DEFAULT now();
COMMENT ON COLUMN refusals.judged_at IS 'When the article was last compared with one of them; for rows from before this was kept, when that began.';

COMMENT ON COLUMN signatures.body IS 'A hash of the body without what its outlet prints around all texts; and of the headline too, where the body says nothing of that or is not the whole text; null for a body of a few words.';
COMMENT ON COLUMN signatures.syndicated IS 'Whether its text says that another outlet or an agency published it first.';
