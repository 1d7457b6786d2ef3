-- Known addresses that hold this text: the name of an article, or the folder that it stands in.
SELECT url FROM pages WHERE position(%(text)s IN url) > 0 ORDER BY page_id DESC LIMIT 1000;
