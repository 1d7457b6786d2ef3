-- What the corpus was at any moment: the clusters and the addresses that articles had before.
ALTER TABLE clusters ADD COLUMN since timestamptz NOT NULL DEFAULT now();
COMMENT ON COLUMN clusters.since IS 'Since when the row is as it is; for older rows, when migration 0055 was applied.';

CREATE TABLE former_clusters (
    former_cluster_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    article_id         bigint NOT NULL,
    representative_id  bigint NOT NULL,
    kind               text,
    since              timestamptz NOT NULL,
    until              timestamptz NOT NULL
);
CREATE INDEX ON former_clusters (until);

COMMENT ON TABLE former_clusters IS 'Rows that table clusters had before: by them an export shows the clusters as they were at an earlier moment.';
COMMENT ON COLUMN former_clusters.former_cluster_id IS 'Key.';
COMMENT ON COLUMN former_clusters.article_id IS 'The member.';
COMMENT ON COLUMN former_clusters.representative_id IS 'The member that stood for all.';
COMMENT ON COLUMN former_clusters.kind IS 'What the member was to the representative.';
COMMENT ON COLUMN former_clusters.since IS 'Since when it was so.';
COMMENT ON COLUMN former_clusters.until IS 'When it ended; at this moment it was so no more.';

CREATE FUNCTION keep_former_cluster() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF old.since < now() THEN  -- what came and went in one transaction was never seen
        INSERT INTO former_clusters (article_id, representative_id, kind, since, until)
        VALUES (old.article_id, old.representative_id, old.kind, old.since, now());
    END IF;
    IF tg_op = 'DELETE' THEN
        RETURN old;
    END IF;
    new.since = now();
    RETURN new;
END
$$;
COMMENT ON FUNCTION keep_former_cluster IS 'Keeps what a changed or deleted row of clusters was, and until when.';
CREATE TRIGGER keep_former_cluster BEFORE UPDATE OR DELETE ON clusters
FOR EACH ROW EXECUTE FUNCTION keep_former_cluster();

CREATE FUNCTION clusters_as_of(moment timestamptz)
RETURNS TABLE (article_id bigint, representative_id bigint, kind text)
LANGUAGE sql STABLE AS $$
    SELECT DISTINCT ON (article_id) article_id, representative_id, kind  -- transactions may end in another order than they began
    FROM (
        SELECT article_id, representative_id, kind, since FROM clusters WHERE since <= moment
        UNION ALL
        SELECT article_id, representative_id, kind, since FROM former_clusters WHERE since <= moment AND until > moment
    ) AS stood
    ORDER BY article_id, since DESC
$$;
COMMENT ON FUNCTION clusters_as_of IS 'The clusters as they were at a moment: article_id, representative_id and kind as in table clusters.';

CREATE TABLE former_addresses (
    former_address_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    article_id         bigint NOT NULL REFERENCES articles ON DELETE CASCADE,
    canonical_url      text NOT NULL,
    until              timestamptz NOT NULL
);
CREATE INDEX ON former_addresses (article_id);

COMMENT ON TABLE former_addresses IS 'Canonical addresses that articles had before: an article may get another one without a revision.';
COMMENT ON COLUMN former_addresses.former_address_id IS 'Key; an article''s addresses followed each other in this order.';
COMMENT ON COLUMN former_addresses.article_id IS 'The article.';
COMMENT ON COLUMN former_addresses.canonical_url IS 'Its canonical_url at that time.';
COMMENT ON COLUMN former_addresses.until IS 'When it got another one.';

CREATE FUNCTION keep_former_address() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO former_addresses (article_id, canonical_url, until) VALUES (old.article_id, old.canonical_url, now());
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION keep_former_address IS 'Keeps the address that an article had until now.';
CREATE TRIGGER keep_former_address AFTER UPDATE OF canonical_url ON articles
FOR EACH ROW WHEN (old.canonical_url <> new.canonical_url) EXECUTE FUNCTION keep_former_address();
