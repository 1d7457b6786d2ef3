-- Watches: saved searches, what matches them, and the messages that tell it.

-- name: insert_watch
-- A new watch; nothing where its name is taken.
INSERT INTO watches (name, query, outlet, section, author, in_language, way, address, every, time_of_day, time_zone, next_at,
                     feed_sha256, created_by)
VALUES (%(name)s, %(query)s, %(outlet)s, %(section)s, %(author)s, %(in_language)s, %(way)s, %(address)s, %(every)s,
        %(time_of_day)s, %(time_zone)s, next_message(%(every)s, %(time_of_day)s, %(time_zone)s, now()), %(feed_sha256)s, %(created_by)s)
ON CONFLICT (name) DO NOTHING
RETURNING watch_id;

-- name: watches
-- All watches, or the one of a name, a number, or with a feed's secret; with what they told so far.
SELECT watch_id, name, query, outlet, section, author, in_language, way, address, every, time_of_day, time_zone, next_at,
       created_by, created_at, paused_at, paused_why, matches, last_match_at, told_at, failing.reason
FROM watches
CROSS JOIN LATERAL (
    SELECT count(*) AS matches, max(matched_at) AS last_match_at
    FROM watch_matches WHERE watch_matches.watch_id = watches.watch_id AND copy_of IS NULL
) AS matched
CROSS JOIN LATERAL (
    SELECT max(delivered_at) AS told_at FROM deliveries WHERE deliveries.watch_id = watches.watch_id
) AS told
LEFT JOIN LATERAL (
    SELECT reason FROM deliveries
    WHERE deliveries.watch_id = watches.watch_id AND delivered_at IS NULL AND reason IS NOT NULL
    ORDER BY created_at DESC LIMIT 1
) AS failing ON true
WHERE (%(name)s::text IS NULL OR name = %(name)s) AND (%(watch_id)s::bigint IS NULL OR watches.watch_id = %(watch_id)s)
  AND (%(feed_sha256)s::bytea IS NULL OR feed_sha256 = %(feed_sha256)s)
ORDER BY name;

-- name: pause_watch
-- Match and tell nothing for now.
UPDATE watches SET paused_at = now(), paused_why = %(why)s WHERE watch_id = %(watch_id)s AND paused_at IS NULL;

-- name: resume_watch
-- Match what arrives from now on.
UPDATE watches
SET paused_at = NULL, paused_why = NULL, since = now(), next_at = next_message(every, time_of_day, time_zone, now())
WHERE watch_id = %(watch_id)s AND paused_at IS NOT NULL;

-- name: remove_watch
-- Forget a watch, its matches and its messages.
DELETE FROM watches WHERE watch_id = %(watch_id)s;

-- name: set_watch_feed
-- Give a watch's feed another address.
UPDATE watches SET feed_sha256 = %(feed_sha256)s WHERE watch_id = %(watch_id)s;

-- name: make_arrived
-- Where the articles of one batch are kept while watches are tried on them.
CREATE TEMP TABLE arrived (
    article_id bigint, revision integer, at timestamptz, arrived_at timestamptz, is_news boolean, labels text[],
    words tsvector STORAGE EXTERNAL
) ON COMMIT DROP;

-- name: take_arrivals
-- Take some arrivals, the oldest first: their articles' newest revisions. Those that dedup has still to look at wait, for an
-- hour at most. An article is news that was published within the 30 days before it came; so is each edit.
WITH taken AS (
    DELETE FROM watch_arrivals
    WHERE arrival_id IN (
        SELECT arrival_id
        FROM watch_arrivals
        WHERE arrived_at < %(now)s::timestamptz - interval '1 hour'
           OR NOT EXISTS (SELECT FROM dedup_queue WHERE dedup_queue.article_id = watch_arrivals.article_id)
        ORDER BY arrival_id
        LIMIT %(limit)s)
    RETURNING article_id, arrived_at
), latest AS (
    SELECT article_id, max(arrived_at) AS arrived_at FROM taken GROUP BY article_id
), kept AS (
    INSERT INTO arrived
    SELECT article_id, revision, at, arrived_at, revision > 1 OR at > arrived_at - interval '30 days', labels, words
    FROM latest
    JOIN article_search USING (article_id)
    WHERE replaced_at IS NULL
)
SELECT count(*) FROM taken;

-- name: index_arrived
-- Find them by words: for many articles faster than to read each for each watch.
CREATE INDEX ON arrived USING gin (words, labels);

-- name: match_arrived
-- Store what matches, each article once a watch. Of copies one is told, the representative where it is among them; none of
-- them where one was told before.
WITH asked AS MATERIALIZED (
    SELECT watch_id, since, exact, search_labels(outlet, ARRAY[section], ARRAY[author]) AS filters
    FROM watches CROSS JOIN search_query(query, in_language)
    WHERE paused_at IS NULL
), found AS (
    SELECT watch_id, article_id, revision, at
    FROM asked
    CROSS JOIN LATERAL (
        SELECT article_id, revision, at, arrived_at
        FROM arrived
        WHERE words @@ exact AND labels @> filters AND is_news
        OFFSET 0
    ) AS matching
    WHERE arrived_at >= since
), ordered AS (
    SELECT watch_id, found.article_id, revision,
           first_value(found.article_id) OVER (
               PARTITION BY watch_id, coalesce(representative_id, found.article_id)
               ORDER BY (found.article_id = representative_id) DESC, at, found.article_id) AS first_id,
           representative_id
    FROM found
    LEFT JOIN clusters USING (article_id)
    WHERE NOT EXISTS (
        SELECT FROM watch_matches AS known
        WHERE known.watch_id = found.watch_id AND known.article_id = found.article_id)
)
INSERT INTO watch_matches (watch_id, article_id, revision, matched_at, copy_of)
SELECT watch_id, ordered.article_id, revision, %(now)s, coalesce(told.article_id, nullif(first_id, ordered.article_id))
FROM ordered
LEFT JOIN LATERAL (
    SELECT known.article_id
    FROM clusters AS member
    JOIN watch_matches AS known ON known.article_id = member.article_id
    WHERE member.representative_id = ordered.representative_id AND known.watch_id = ordered.watch_id AND known.copy_of IS NULL
    LIMIT 1
) AS told ON true
ON CONFLICT DO NOTHING;

-- name: open_deliveries
-- Make a message of what each watch that is due has not told.
WITH due AS (
    SELECT watch_id, way, address
    FROM watches
    WHERE paused_at IS NULL AND way <> 'feed' AND (next_at IS NULL OR next_at <= %(now)s)
      AND EXISTS (SELECT FROM watch_matches AS untold
                  WHERE untold.watch_id = watches.watch_id AND copy_of IS NULL AND delivery_id IS NULL)
), opened AS (
    INSERT INTO deliveries (event, way, address, watch_id, created_at, next_try_at)
    SELECT 'watch.matched', way, address, watch_id, %(now)s, %(now)s
    FROM due
    RETURNING delivery_id, watch_id
)
UPDATE watch_matches
SET delivery_id = opened.delivery_id
FROM opened
WHERE watch_matches.watch_id = opened.watch_id AND copy_of IS NULL AND watch_matches.delivery_id IS NULL;

-- name: advance_watches
-- Say when the next collected message is due, also where this one had nothing to tell.
UPDATE watches SET next_at = next_message(every, time_of_day, time_zone, %(now)s) WHERE next_at <= %(now)s;

-- name: due_deliveries
-- Messages to be tried now, the oldest first.
SELECT delivery_id, event, way, address, watch_id, subject, created_at, tries
FROM deliveries
WHERE delivered_at IS NULL AND gave_up_at IS NULL AND next_try_at <= %(now)s
ORDER BY next_try_at, created_at
LIMIT %(limit)s;

-- name: note_try
-- What came of a try: delivered, to be tried again at a time, or given up.
WITH noted AS (
    INSERT INTO delivery_tries (delivery_id, tried_at, seconds, answer)
    VALUES (%(delivery_id)s, clock_timestamp(), %(seconds)s, %(answer)s)
)
UPDATE deliveries
SET tries = tries + 1,
    delivered_at = CASE WHEN %(outcome)s = 'delivered' THEN %(now)s::timestamptz END,
    gave_up_at = CASE WHEN %(outcome)s = 'gave_up' THEN %(now)s::timestamptz END,
    next_try_at = coalesce(%(next_try_at)s, next_try_at),
    reason = CASE WHEN %(outcome)s <> 'delivered' THEN %(answer)s END
WHERE delivery_id = %(delivery_id)s;

-- name: retry_delivery
-- Try a message again that was given up.
UPDATE deliveries
SET gave_up_at = NULL, tries = 0, next_try_at = now()
WHERE delivery_id = %(delivery_id)s AND delivered_at IS NULL;

-- name: deliveries
-- Messages, the newest first; of a watch, or only those that failed.
SELECT delivery_id, event, deliveries.way, deliveries.address, name AS watch, subject, deliveries.created_at, next_try_at, tries,
       delivered_at, gave_up_at, reason,
       (SELECT count(*) FROM watch_matches WHERE watch_matches.delivery_id = deliveries.delivery_id) AS articles
FROM deliveries
LEFT JOIN watches USING (watch_id)
WHERE (%(watch_id)s::bigint IS NULL OR watch_id = %(watch_id)s)
  AND (NOT %(failed)s OR delivered_at IS NULL AND reason IS NOT NULL)
ORDER BY deliveries.created_at DESC, delivery_id
LIMIT %(limit)s;

-- name: watch_matches
-- What matched a watch, each text once, the newest first; or what one message tells, the first published first.
SELECT article_id, matches.revision, matched_at, delivery_id, delivered_at, articles.outlet, headline, canonical_url AS url,
       coalesce(date_published, first_seen_at) AS at, date_published_precision, articles.author, withdrawn_at, revised_at,
       search_snippet(article_body, highlighted, watches.in_language) AS snippet,
       ARRAY(SELECT jsonb_build_object('article_id', member.article_id, 'outlet', copy.outlet, 'url', copy.canonical_url,
                                       'headline', copy.headline, 'at', coalesce(copy.date_published, copy.first_seen_at))
             FROM clusters AS mine
             JOIN clusters AS member USING (representative_id)
             JOIN articles AS copy ON copy.article_id = member.article_id
             WHERE mine.article_id = matches.article_id AND member.article_id <> matches.article_id
             ORDER BY coalesce(copy.date_published, copy.first_seen_at), copy.article_id
             LIMIT 20) AS copies
FROM watches
CROSS JOIN search_query(query, in_language)
CROSS JOIN LATERAL (
    SELECT article_id, revision, matched_at, delivery_id
    FROM watch_matches
    WHERE watch_matches.watch_id = watches.watch_id AND copy_of IS NULL
      AND (%(delivery_id)s::uuid IS NULL OR delivery_id = %(delivery_id)s)
    ORDER BY matched_at DESC, article_id DESC
    LIMIT %(limit)s
) AS matches
JOIN articles USING (article_id)
LEFT JOIN deliveries USING (delivery_id)
WHERE watches.watch_id = %(watch_id)s
ORDER BY CASE WHEN %(delivery_id)s::uuid IS NULL THEN matched_at END DESC, at, article_id;

-- name: count_told
-- How many articles a message tells.
SELECT count(*) FROM watch_matches WHERE delivery_id = %(delivery_id)s;

-- name: insert_webhook
-- Tell a webhook of events from now on; of one that is told already, of other events.
INSERT INTO webhooks (name, events, created_by) VALUES (%(name)s, %(events)s, %(created_by)s)
ON CONFLICT (name) DO UPDATE SET events = excluded.events;

-- name: webhooks
-- The webhooks by name, with what was delivered last and what failed last.
SELECT name, events, created_by, since, told_at, failing.reason
FROM webhooks
CROSS JOIN LATERAL (SELECT max(delivered_at) AS told_at FROM deliveries WHERE way = 'webhook' AND address = name) AS told
LEFT JOIN LATERAL (
    SELECT reason FROM deliveries
    WHERE way = 'webhook' AND address = name AND delivered_at IS NULL AND reason IS NOT NULL
    ORDER BY created_at DESC LIMIT 1
) AS failing ON true
ORDER BY name;

-- name: delete_webhook
-- Tell a webhook of nothing more, not even what was due; watches that tell it stay.
WITH dropped AS (DELETE FROM deliveries WHERE way = 'webhook' AND address = %(name)s AND watch_id IS NULL)
DELETE FROM webhooks WHERE name = %(name)s;

-- name: open_crawl_deliveries
-- Make a message of each crawl that has ended since a webhook asked for them, of the last three days at most.
INSERT INTO deliveries (event, way, address, subject, created_at, next_try_at)
SELECT 'crawl.finished', 'webhook', webhooks.name, run_id, %(now)s, %(now)s
FROM webhooks
JOIN runs ON kind = 'crawl' AND finished_at >= since AND finished_at > %(now)s::timestamptz - interval '3 days'
WHERE 'crawl.finished' = ANY (events)
ON CONFLICT (event, address, subject) DO NOTHING;

-- name: open_alarm_deliveries
-- Make a message of each alarm that was raised since a webhook asked for them and that nobody has acknowledged or silenced.
INSERT INTO deliveries (event, way, address, subject, created_at, next_try_at)
SELECT 'alarm.raised', 'webhook', webhooks.name, alarm_id || ' ' || extract(epoch FROM raised_at), %(now)s, %(now)s
FROM webhooks
JOIN alarms ON raised_at >= since AND raised_at > %(now)s::timestamptz - interval '3 days'
WHERE 'alarm.raised' = ANY (events) AND acknowledged_at IS NULL AND (silenced_until IS NULL OR silenced_until < %(now)s)
ON CONFLICT (event, address, subject) DO NOTHING;

-- name: finished_crawl
-- What a webhook is told of a crawl.
SELECT run_id, outlet, requested_by, started_at, finished_at, outcome, reason, discovered
FROM runs
WHERE run_id = %(run_id)s;
