-- What deduplication writes of an article it takes from the article's signature, whose foreign key holds the article:
-- one check an article instead of eight, each of which read and locked a row of an older article.
ALTER TABLE clusters DROP CONSTRAINT clusters_article_id_fkey, DROP CONSTRAINT clusters_representative_id_fkey;
ALTER TABLE duplicates DROP CONSTRAINT duplicates_article_id_fkey, DROP CONSTRAINT duplicates_duplicate_of_fkey;
ALTER TABLE hot_key_articles DROP CONSTRAINT hot_key_articles_key_fkey, DROP CONSTRAINT hot_key_articles_article_id_fkey;
ALTER TABLE refusals DROP CONSTRAINT refusals_article_id_fkey;
