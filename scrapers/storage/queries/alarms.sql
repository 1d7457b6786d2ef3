-- Alarms: kept while they stand, acknowledged, silenced, told; and what is measured beside them.

-- name: list_alarms
-- The alarms that stand and, with `since`, those that ended since then; the newest first.
SELECT alarm_id, rule, outlet, field, subject, sample_url, summary, began_at, raised_at, last_seen_at, ended_at,
       acknowledged_at, acknowledged_by, silenced_until, silenced_by,
       (SELECT max(sent_at) FROM alarm_notices WHERE alarm_notices.alarm_id = alarms.alarm_id) AS notified_at
FROM alarms
WHERE (ended_at IS NULL OR ended_at >= %(since)s)
  AND (%(outlet)s::text IS NULL OR outlet = %(outlet)s)
  AND (%(alarm_id)s::bigint IS NULL OR alarm_id = %(alarm_id)s)
ORDER BY ended_at IS NOT NULL, began_at DESC, alarm_id DESC
LIMIT %(limit)s;

-- name: acknowledge_alarm
-- Note who looks after a standing alarm; the first to say so stays.
UPDATE alarms
SET acknowledged_at = coalesce(acknowledged_at, now()), acknowledged_by = coalesce(acknowledged_by, %(by)s)
WHERE alarm_id = %(alarm_id)s AND ended_at IS NULL;

-- name: silence_alarm
-- Tell nothing of an alarm until then.
UPDATE alarms SET silenced_until = %(until)s, silenced_by = %(by)s WHERE alarm_id = %(alarm_id)s;

-- name: raise_alarms
-- Keep what was found: a new row, or the standing one seen again. One that ended within a day and begins again keeps its
-- silence.
INSERT INTO alarms AS standing (rule, outlet, field, subject, sample_url, summary, began_at, raised_at, last_seen_at,
                                silenced_until, silenced_by)
SELECT rule, outlet, field, subject, sample_url, summary, began_at, %(now)s, %(now)s, silenced_until, silenced_by
FROM json_to_recordset(%(found)s) AS found
     (rule text, outlet text, field text, subject text, sample_url text, summary text, began_at timestamptz)
LEFT JOIN LATERAL (
    SELECT silenced_until, silenced_by
    FROM alarms
    WHERE (rule, outlet, field, subject) IS NOT DISTINCT FROM (found.rule, found.outlet, found.field, found.subject)
      AND silenced_until > %(now)s
    ORDER BY silenced_until DESC
    LIMIT 1
) AS silence ON true
ORDER BY rule, outlet, field, subject
ON CONFLICT (rule, outlet, field, subject) WHERE ended_at IS NULL
DO UPDATE SET summary = excluded.summary, last_seen_at = excluded.last_seen_at,
              sample_url = coalesce(excluded.sample_url, standing.sample_url);

-- name: end_alarms
-- End the alarms of these rules that were not seen now, or for a day where they are of chance and come and go.
UPDATE alarms
SET ended_at = %(now)s
WHERE ended_at IS NULL AND rule = ANY (%(rules)s) AND (%(outlet)s::text IS NULL OR outlet = %(outlet)s)
  AND last_seen_at < %(now)s - CASE WHEN rule = ANY (%(lingering)s) THEN interval '1 day' ELSE interval '0' END;

-- name: note_watch
-- All outlets were looked at.
INSERT INTO last_watch (watched_at) VALUES (%(now)s)
ON CONFLICT (is_last) DO UPDATE SET watched_at = greatest(last_watch.watched_at, excluded.watched_at);

-- name: last_watch
-- When all outlets were last looked at.
SELECT watched_at FROM last_watch;

-- name: untold_alarms
-- Standing alarms that a channel has not been told, and that nobody has silenced or acknowledged; the oldest first.
SELECT alarm_id
FROM alarms
WHERE ended_at IS NULL AND acknowledged_at IS NULL AND coalesce(silenced_until <= now(), true)
  AND NOT EXISTS (SELECT FROM alarm_notices WHERE alarm_notices.alarm_id = alarms.alarm_id AND channel = %(channel)s)
ORDER BY raised_at, alarm_id;

-- name: note_told
-- A channel has taken an alarm.
INSERT INTO alarm_notices (alarm_id, channel) VALUES (%(alarm_id)s, %(channel)s) ON CONFLICT DO NOTHING;

-- name: metrics
-- Queues as they stand, and crawls and requests of the last hour.
SELECT (SELECT count(*) FROM dedup_queue) AS dedup_queue,
       (SELECT count(*) FROM pages WHERE state = 'discovered') AS pages_waiting,
       (SELECT coalesce(extract(epoch FROM now() - min(discovered_at)), 0)::float FROM pages
        WHERE state = 'discovered') AS pages_oldest_s,
       (SELECT jsonb_object_agg(outcome, (SELECT count(*) FROM runs
                                          WHERE runs.outcome = named.outcome AND kind = 'crawl'
                                            AND started_at > now() - interval '1 hour'))
        FROM unnest('{running,succeeded,failed,stopped,interrupted}'::text[]) AS named (outcome)) AS crawls,
       requests, request_s
FROM (SELECT count(*) AS requests, coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds), 0)::float AS request_s
      FROM runs JOIN fetches USING (run_id)
      WHERE started_at > now() - interval '1 hour') AS fetched;
