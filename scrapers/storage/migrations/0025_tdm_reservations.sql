-- What each host's /.well-known/tdmrep.json reserves of its pages.
ALTER TABLE hosts ADD COLUMN tdm_asked_at timestamptz, ADD COLUMN tdm_rules jsonb;
COMMENT ON COLUMN hosts.tdm_asked_at IS 'When it was last asked for /.well-known/tdmrep.json.';
COMMENT ON COLUMN hosts.tdm_rules IS 'What that said, in its order: [location, whether text and data mining is reserved]; empty where there is no such file.';
COMMENT ON COLUMN fetches.opt_outs IS 'Opt-outs that the answer, robots.txt or tdmrep.json declared: noarchive, noai, tdm, ai_crawlers; the outlet says which are respected.';
