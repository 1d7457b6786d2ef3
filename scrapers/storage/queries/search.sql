-- Search, by the functions of the database.

-- name: asks_for_words
-- Whether a search asks for a word at all, and not only for the lack of some.
SELECT numnode(exact) > 0 FROM search_query(%(query)s, %(in_language)s);

-- name: search_articles
-- Articles that match, the newest or the most relevant first.
SELECT * FROM search_articles(
    query => %(query)s, outlet => %(outlet)s, since => %(since)s, until => %(until)s, section => %(section)s,
    author => %(author)s, in_language => %(in_language)s, by_relevance => %(by_relevance)s, max_articles => %(limit)s,
    after => %(after)s);

-- name: search_revisions
-- Revised articles of which a revision matches, the newest first.
SELECT * FROM search_revisions(
    query => %(query)s, outlet => %(outlet)s, since => %(since)s, until => %(until)s, section => %(section)s,
    author => %(author)s, in_language => %(in_language)s, max_revisions => %(limit)s, after => %(after)s);

-- name: count_matches
-- How many articles match, and whether that is exact.
SELECT * FROM count_matches(
    query => %(query)s, outlet => %(outlet)s, since => %(since)s, until => %(until)s, section => %(section)s,
    author => %(author)s, in_language => %(in_language)s);

-- name: count_matches_by_day
-- Articles that match, by day and outlet.
SELECT * FROM count_matches_by_day(
    query => %(query)s, since => %(since)s, until => %(until)s, outlet => %(outlet)s, section => %(section)s,
    author => %(author)s, in_language => %(in_language)s);
