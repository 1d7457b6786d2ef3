-- Forget refusals of claimed articles that were made of other revisions.
DELETE FROM refused_pairs
USING signatures AS one, signatures AS other
WHERE one.article_id = refused_pairs.a AND other.article_id = refused_pairs.b
  AND (a = ANY (%(article_ids)s) OR b = ANY (%(article_ids)s))
  AND (a_revision, b_revision) <> (one.revision, other.revision);
