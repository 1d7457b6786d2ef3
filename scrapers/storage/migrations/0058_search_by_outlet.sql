-- An outlet that is declared after its site was crawled takes over the articles: search finds them under its name.
CREATE FUNCTION move_in_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE article_search
    SET outlet = new.outlet, labels = array_replace(labels, left('outlet ' || old.outlet, 200), left('outlet ' || new.outlet, 200))
    WHERE article_id = new.article_id;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION move_in_search IS 'Keeps the outlet of an article''s words in step with articles.';
CREATE TRIGGER move_in_search AFTER UPDATE OF outlet ON articles
FOR EACH ROW WHEN (old.outlet <> new.outlet) EXECUTE FUNCTION move_in_search();

UPDATE article_search
SET outlet = articles.outlet,
    labels = array_replace(labels, left('outlet ' || article_search.outlet, 200), left('outlet ' || articles.outlet, 200))
FROM articles
WHERE articles.article_id = article_search.article_id AND articles.outlet <> article_search.outlet;
