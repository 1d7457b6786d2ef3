-- Reads all of four tables, for the last line of `warta articles`.
SELECT (SELECT count(*) FROM articles) AS articles, (SELECT count(*) FROM unique_articles) AS unique_articles,
       (SELECT count(*) FROM revisions) AS revisions, (SELECT count(*) FROM pages) AS pages;
