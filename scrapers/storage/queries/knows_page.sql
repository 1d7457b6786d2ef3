-- Whether one of these addresses or titles is a page's or an article's that the outlet is known to have.
SELECT EXISTS (SELECT FROM pages WHERE url_sha256 = ANY (%(url_sha256)b))
    OR EXISTS (SELECT FROM articles WHERE canonical_url_sha256 = ANY (%(url_sha256)b))
    OR EXISTS (SELECT FROM pages WHERE outlet = %(outlet)s AND announced_title = ANY (%(title)s))
    OR EXISTS (SELECT FROM articles WHERE outlet = %(outlet)s AND headline = ANY (%(title)s));
