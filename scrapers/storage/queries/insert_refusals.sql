-- Who is different from each article, where that is still as it was judged.
INSERT INTO refusals (article_id, revision, algorithm, others, revisions, differs)
SELECT article_id, judged.revision, %(algorithm)s, (%(keys)b::bigint[])[first:last], (%(revisions)b::integer[])[first:last], (%(differs)b::boolean[])[first:last]
FROM unnest(%(article_ids)s::bigint[], %(revision)s::integer[], %(firsts)s::integer[], %(lasts)s::integer[])
     AS judged (article_id, revision, first, last)
JOIN signatures USING (article_id)
WHERE (signatures.revision, signatures.algorithm) = (judged.revision, %(algorithm)s);
