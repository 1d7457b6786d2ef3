-- One trigger call a statement instead of one a row: a sitemap brings thousands of pages at once.
DROP TRIGGER record_run_page ON pages;
DROP FUNCTION record_run_page;

CREATE FUNCTION record_new_run_pages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO run_pages (run_id, page_id, state, reason)
    SELECT run_id, page_id, state, reason FROM added;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION record_new_run_pages IS 'Keeps run_pages in step with pages that are added, whoever writes.';

CREATE FUNCTION record_changed_run_pages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO run_pages (run_id, page_id, state, reason)
    SELECT changed.run_id, changed.page_id, changed.state, changed.reason
    FROM changed
    JOIN before USING (page_id)
    WHERE (changed.run_id, changed.state, changed.reason) IS DISTINCT FROM (before.run_id, before.state, before.reason)
    ON CONFLICT (run_id, page_id) DO UPDATE
    SET state = excluded.state, reason = excluded.reason, at = clock_timestamp();
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION record_changed_run_pages IS 'Keeps run_pages in step with pages that change, whoever writes.';

CREATE TRIGGER record_new_run_pages AFTER INSERT ON pages
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION record_new_run_pages();

CREATE TRIGGER record_changed_run_pages AFTER UPDATE ON pages
REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_changed_run_pages();
