-- Forget refusals of claimed articles that were made of other revisions.
DELETE FROM refused_pairs
USING signatures AS one, signatures AS other
WHERE refused_pairs.ctid = ANY (ARRAY(  -- found by either index, whatever the planner thinks of how many there are
      SELECT ctid FROM refused_pairs WHERE a = ANY (%(article_ids)s)
      UNION
      SELECT ctid FROM refused_pairs WHERE b = ANY (%(article_ids)s)))
  AND one.article_id = refused_pairs.a AND other.article_id = refused_pairs.b
  AND (a_revision, b_revision) <> (one.revision, other.revision);
