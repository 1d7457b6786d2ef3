-- Who was found to be different from the given articles when these were looked at, as of which revisions.
SELECT article_id, revision, algorithm, others, revisions, differs
FROM refusals
WHERE article_id = ANY (%(article_ids)s);
