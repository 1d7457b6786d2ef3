-- What needs somebody: a row from when it began until it is over, told once.
CREATE TABLE alarms (
    alarm_id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    rule             text NOT NULL,
    outlet           text,
    field            text,
    subject          text,
    sample_url       text,
    summary          text NOT NULL,
    began_at         timestamptz NOT NULL,
    raised_at        timestamptz NOT NULL DEFAULT now(),
    last_seen_at     timestamptz NOT NULL,
    ended_at         timestamptz,
    acknowledged_at  timestamptz,
    acknowledged_by  text,
    silenced_until   timestamptz,
    silenced_by      text,
    CHECK ((acknowledged_at IS NULL) = (acknowledged_by IS NULL)),
    CHECK ((silenced_until IS NULL) = (silenced_by IS NULL))
);
CREATE UNIQUE INDEX alarms_standing_key ON alarms (rule, outlet, field, subject) NULLS NOT DISTINCT WHERE ended_at IS NULL;
CREATE INDEX ON alarms (outlet, began_at DESC);
CREATE INDEX ON alarms (ended_at DESC);

COMMENT ON TABLE alarms IS 'What needs somebody: one row from when it began until it was over. The Dag `watch` and the end of each crawl keep it.';
COMMENT ON COLUMN alarms.alarm_id IS 'Key.';
COMMENT ON COLUMN alarms.rule IS 'The rule that raised it; docs/how-to/operate.md has an entry for each.';
COMMENT ON COLUMN alarms.outlet IS 'The outlet''s name; null where it concerns all.';
COMMENT ON COLUMN alarms.field IS 'The field of articles that it is about; null where it is about none.';
COMMENT ON COLUMN alarms.subject IS 'What exactly: the feed, the selector or rule that found the field, the host, the disk; null where the outlet says enough.';
COMMENT ON COLUMN alarms.sample_url IS 'A page that shows it; null where there is none.';
COMMENT ON COLUMN alarms.summary IS 'What was found when it was last seen, in one line.';
COMMENT ON COLUMN alarms.began_at IS 'Since when it is so, as far as what is stored tells.';
COMMENT ON COLUMN alarms.raised_at IS 'When it was first noticed.';
COMMENT ON COLUMN alarms.last_seen_at IS 'When it was last seen to be so.';
COMMENT ON COLUMN alarms.ended_at IS 'When it was over; null while it stands.';
COMMENT ON COLUMN alarms.acknowledged_at IS 'When somebody said that they look after it; null where nobody has.';
COMMENT ON COLUMN alarms.acknowledged_by IS 'Who that was.';
COMMENT ON COLUMN alarms.silenced_until IS 'Until when it is not told, also where it ends and begins again meanwhile; null where it is told.';
COMMENT ON COLUMN alarms.silenced_by IS 'Who silenced it.';
COMMENT ON INDEX alarms_standing_key IS 'The same thing stands once at a time.';

CREATE TABLE alarm_notices (
    alarm_id  bigint NOT NULL REFERENCES alarms,
    channel   text NOT NULL,
    sent_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (alarm_id, channel)
);
COMMENT ON TABLE alarm_notices IS 'Which alarm was told through which channel. A row follows its message: where a watch is killed between the two, the message is sent again under the same Message-ID or Idempotency-Key.';
COMMENT ON COLUMN alarm_notices.alarm_id IS 'The alarm.';
COMMENT ON COLUMN alarm_notices.channel IS 'How it was told: mail, slack, webhook.';
COMMENT ON COLUMN alarm_notices.sent_at IS 'When the channel had taken it.';
