-- Look-ups that cost the same among a million articles, and a text search that no stored article can make fail.
CREATE INDEX articles_newest_idx ON articles ((coalesce(date_published, first_seen_at)) DESC, article_id DESC);
COMMENT ON INDEX articles_newest_idx IS 'The order of latest_articles, whose first rows are read without the others.';
CREATE INDEX articles_canonical_url_idx ON articles USING hash (canonical_url);
COMMENT ON INDEX articles_canonical_url_idx IS 'One article by its address; a hash, since addresses may be longer than a b-tree takes.';

CREATE FUNCTION search_text(headline text, body text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN to_tsvector('pg_catalog.indonesian'::regconfig, left(coalesce(headline, '') || ' ' || coalesce(body, ''), 100000));
COMMENT ON FUNCTION search_text IS 'What full-text search finds an article by: the words of its first 100,000 characters. A tsvector holds 1 MB, and a query that makes a larger one of any row fails as a whole.';

CREATE FUNCTION page_id_of(url text) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT page_id FROM pages WHERE url_sha256 = sha256(convert_to($1, 'UTF8')));
COMMENT ON FUNCTION page_id_of IS 'The page of an address as the ledger has it; null where it lacks it. `warta why` takes an address in any form.';

-- As it was, but so that its first rows are found without the others, and 0 copies are 0.
CREATE OR REPLACE VIEW unique_articles AS
SELECT article_id, outlet, at, headline, date_published, author, editor, date_line, article_section, body, description,
       keywords, canonical_url, image_url, image_caption, image_credit_text, revision, date_modified, first_seen_at,
       (SELECT greatest(count(*) - 1, 0) FROM clusters AS member WHERE member.representative_id = latest.article_id) AS copies,
       withdrawn_at
FROM latest_articles AS latest
WHERE NOT EXISTS (
    SELECT FROM clusters
    WHERE clusters.article_id = latest.article_id AND clusters.representative_id <> clusters.article_id)
ORDER BY at DESC, article_id DESC;
