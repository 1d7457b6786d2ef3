-- What needs somebody; of one outlet also how often its feeds and its pages contradict one another, which takes a look
-- at all its articles.
SELECT outlet, alert, since, subject, message
FROM alerts
WHERE %(outlet)s::text IS NULL OR outlet = %(outlet)s
UNION ALL
SELECT outlet, 'contradicted', NULL, min(canonical_url),
       count(DISTINCT article_id)
       || ' articles say something else than their feed; the view announcement_contradictions has them'
FROM announcement_contradictions
WHERE outlet = %(outlet)s
GROUP BY outlet;
