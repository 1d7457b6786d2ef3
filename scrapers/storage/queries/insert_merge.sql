INSERT INTO duplicates (article_id, duplicate_of, layer, score, evidence)
VALUES (%(b)s, %(a)s, 'person', 1, jsonb_build_object('decided_by', %(decided_by)s::text))
ON CONFLICT DO NOTHING;
