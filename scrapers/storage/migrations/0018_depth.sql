-- How far a page is from what an outlet announces: links that lead ever deeper are a trap.
ALTER TABLE pages ADD COLUMN depth smallint NOT NULL DEFAULT 0;
COMMENT ON COLUMN pages.depth IS 'Links between it and a feed: 0 where a feed announced it, one more than the page in which it was found. Set by a trigger.';

CREATE FUNCTION set_page_depth() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT depth + 1 INTO new.depth
    FROM pages
    WHERE url_sha256 = sha256(convert_to(new.discovered_in, 'UTF8'));
    IF new.depth IS NULL THEN
        new.depth := 0;
    ELSIF new.depth > 30 AND new.state = 'discovered' THEN
        new.state := 'rejected';
        new.reason := 'trap: depth';
    END IF;
    RETURN new;
END
$$;
COMMENT ON FUNCTION set_page_depth IS 'Counts the links that led to a new page; one behind more than 30 of them is rejected.';

CREATE TRIGGER set_page_depth BEFORE INSERT ON pages
FOR EACH ROW WHEN (new.discovered_in IS NOT NULL) EXECUTE FUNCTION set_page_depth();
