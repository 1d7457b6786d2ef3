-- A poll whose COMMIT was not answered is stored again, and must add nothing.
CREATE UNIQUE INDEX fetches_of_a_feed ON fetches (run_id, feed_id, requested_at) WHERE feed_id IS NOT NULL;
COMMENT ON INDEX fetches_of_a_feed IS 'One row a request of a feed, however often it is stored.';
