-- Retire what the outlet does not declare any more, or the feed does not name any more, and what was named by that.
WITH RECURSIVE gone AS (
    SELECT feed_id FROM feeds
    WHERE outlet = %(outlet)s AND found_in IS NOT DISTINCT FROM %(found_in)s AND retired_at IS NULL
      AND url <> ALL (%(url)s::text[])
    UNION
    SELECT feeds.feed_id FROM gone JOIN feeds ON feeds.found_in = gone.feed_id WHERE retired_at IS NULL
)
UPDATE feeds SET retired_at = now() FROM gone WHERE feeds.feed_id = gone.feed_id;
