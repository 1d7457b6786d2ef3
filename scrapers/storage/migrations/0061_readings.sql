-- What the rules of alarms look at: by which rule each run found each field, and when feeds announced something new.
CREATE TABLE run_fields (
    run_id          uuid NOT NULL REFERENCES runs ON DELETE CASCADE,
    field           text NOT NULL,
    rule            text NOT NULL,
    readings        integer NOT NULL,
    sample_page_id  bigint NOT NULL REFERENCES pages,
    PRIMARY KEY (run_id, field, rule)
);
CREATE INDEX ON announcements (feed_id, first_seen_at DESC);

COMMENT ON TABLE run_fields IS 'How often each rule found each field in the pages that a run read, whether or not these had changed: a template that changes shows here at once.';
COMMENT ON COLUMN run_fields.run_id IS 'The run.';
COMMENT ON COLUMN run_fields.field IS 'The field of the article.';
COMMENT ON COLUMN run_fields.rule IS 'The rule that found it, as in articles.provenance; empty for pages on which none did.';
COMMENT ON COLUMN run_fields.readings IS 'On how many pages.';
COMMENT ON COLUMN run_fields.sample_page_id IS 'One of these pages, the last.';
