-- Alarms: kept while they stand, acknowledged, silenced, told.

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
