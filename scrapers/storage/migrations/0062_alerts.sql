-- One idea of what needs somebody: the alarms. The rules that were views are statements of queries/alarm_rules.sql now.
DROP VIEW alerts;
DROP VIEW discovery_alerts, template_alerts, unread_alerts, volume_alerts;

CREATE VIEW alerts AS
SELECT outlet, rule AS alert, began_at AS since, nullif(concat_ws(' ', field, subject), '') AS subject, summary AS message
FROM alarms
WHERE ended_at IS NULL;
COMMENT ON VIEW alerts IS 'What needs somebody now: the alarms that stand, in short.';

CREATE TABLE watches (
    is_last     boolean PRIMARY KEY DEFAULT true CHECK (is_last),
    watched_at  timestamptz NOT NULL
);
COMMENT ON TABLE watches IS 'When alarms of all outlets were last looked for; one row at most. `warta doctor` says so where that is long ago.';
COMMENT ON COLUMN watches.is_last IS 'True; so that there is one row.';
COMMENT ON COLUMN watches.watched_at IS 'When the last watch ended.';
