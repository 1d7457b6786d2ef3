-- What each answer asked of those who would keep it.
ALTER TABLE fetches ADD COLUMN opt_outs text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN fetches.opt_outs IS 'Opt-outs that the answer or robots.txt declared: noarchive, noai, tdm, ai_crawlers; the outlet says which are respected.';
