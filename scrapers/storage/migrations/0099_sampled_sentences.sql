-- An outlet's sentences are learnt from a sample of its newest articles, once these are others.
COMMENT ON COLUMN recurring_sentences.articles IS 'How many articles of the outlet there were then, 500 at most; a sample of the newest was read. Once as many came, it is read anew.';
COMMENT ON COLUMN recurring_sentences.learnt_at IS 'When they were read.';
