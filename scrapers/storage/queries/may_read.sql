-- Whether this role may read Warta's articles.
SELECT coalesce(has_table_privilege(to_regclass('articles'), 'SELECT'), false);
