-- Pairs that were judged to be different articles, a < b, where both are still as they were judged.
INSERT INTO refused_pairs AS stored (a, b, a_revision, b_revision, score, differs)
SELECT judged.*
FROM unnest(%(a)s::bigint[], %(b)s::bigint[], %(a_revisions)s::integer[], %(b_revisions)s::integer[],
            %(scores)s::real[], %(differs)s::boolean[]) AS judged (a, b, a_revision, b_revision, score, differs)
JOIN signatures AS one ON (one.article_id, one.revision, one.algorithm) = (judged.a, a_revision, %(algorithm)s)
JOIN signatures AS other ON (other.article_id, other.revision, other.algorithm) = (judged.b, b_revision, %(algorithm)s)
ON CONFLICT (a, b) DO UPDATE
SET a_revision = excluded.a_revision, b_revision = excluded.b_revision, score = excluded.score,
    differs = excluded.differs
WHERE (stored.a_revision, stored.b_revision, stored.score, stored.differs)
      <> (excluded.a_revision, excluded.b_revision, excluded.score, excluded.differs);
