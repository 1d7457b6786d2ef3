-- Stories are compared by their headlines, words and facts apart: a term says which it is.
COMMENT ON COLUMN story_terms.terms IS 'Words, words of headlines, and names and numbers of its texts: the heaviest of each, as 32 bits of a hash of which the lowest two tell the kind.';
