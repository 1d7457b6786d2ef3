-- Saved searches that tell somebody, and what goes out by mail and webhook.
ALTER TABLE watches RENAME TO last_watch;  -- what looks for alarms; watches are saved searches from here on
ALTER INDEX watches_pkey RENAME TO last_watch_pkey;

CREATE TABLE watches (
    watch_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name         text NOT NULL UNIQUE,
    query        text NOT NULL,
    outlet       text,
    section      text,
    author       text,
    in_language  text NOT NULL DEFAULT 'id',
    way          text NOT NULL CHECK (way IN ('email', 'webhook', 'feed')),
    address      text CHECK ((address IS NULL) = (way = 'feed')),
    every        text NOT NULL CHECK (every IN ('at_once', 'hourly', 'daily')),
    time_of_day  time NOT NULL DEFAULT '07:00',
    time_zone    text NOT NULL DEFAULT 'Asia/Jakarta',
    next_at      timestamptz CHECK ((next_at IS NULL) = (every = 'at_once')),
    feed_sha256  bytea UNIQUE,
    created_by   text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    since        timestamptz NOT NULL DEFAULT now(),
    paused_at    timestamptz,
    paused_why   text,
    CHECK ((paused_at IS NULL) = (paused_why IS NULL))
);
COMMENT ON TABLE watches IS 'Saved searches: who is told, and when, of articles that match.';
COMMENT ON COLUMN watches.watch_id IS 'Key.';
COMMENT ON COLUMN watches.name IS 'What people call it.';
COMMENT ON COLUMN watches.query IS 'What is looked for, as search_articles() reads it.';
COMMENT ON COLUMN watches.outlet IS 'Only articles of this outlet; null for all.';
COMMENT ON COLUMN watches.section IS 'Only of this section; null for all.';
COMMENT ON COLUMN watches.author IS 'Only by this author; null for all.';
COMMENT ON COLUMN watches.in_language IS 'The language of the query (BCP 47), for other forms of its words.';
COMMENT ON COLUMN watches.way IS 'How it is told: email, webhook, or only by its feed.';
COMMENT ON COLUMN watches.address IS 'E-mail addresses with commas between them, or the name of the webhook''s connection; null where only the feed tells.';
COMMENT ON COLUMN watches.every IS 'at_once, or collected: hourly, daily.';
COMMENT ON COLUMN watches.time_of_day IS 'When the daily message is sent, in time_zone.';
COMMENT ON COLUMN watches.time_zone IS 'The reader''s time zone, in which messages give times.';
COMMENT ON COLUMN watches.next_at IS 'When the next collected message is due; null where matches are told at once.';
COMMENT ON COLUMN watches.feed_sha256 IS 'SHA-256 of the secret in the feed''s address; null where it has no feed.';
COMMENT ON COLUMN watches.created_by IS 'Who saved it.';
COMMENT ON COLUMN watches.created_at IS 'When.';
COMMENT ON COLUMN watches.since IS 'What arrived before is not told: when it was saved or last resumed.';
COMMENT ON COLUMN watches.paused_at IS 'Since when nothing is matched or told; null where it runs.';
COMMENT ON COLUMN watches.paused_why IS 'Why it is paused: by whom, or what its address answered.';

CREATE TABLE watch_arrivals (
    arrival_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    article_id  bigint NOT NULL REFERENCES articles ON DELETE CASCADE,
    revision    integer NOT NULL,
    arrived_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON watch_arrivals (article_id);
COMMENT ON TABLE watch_arrivals IS 'Publishers'' revisions that no watch was tried on yet. A trigger writes it while there are watches; a row goes in the transaction that stores its matches.';
COMMENT ON COLUMN watch_arrivals.arrival_id IS 'Key.';
COMMENT ON COLUMN watch_arrivals.article_id IS 'The article.';
COMMENT ON COLUMN watch_arrivals.revision IS 'The revision that was stored.';
COMMENT ON COLUMN watch_arrivals.arrived_at IS 'When it was stored.';

CREATE FUNCTION queue_for_watches() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM watches WHERE paused_at IS NULL) THEN
        INSERT INTO watch_arrivals (article_id, revision) VALUES (new.article_id, new.revision);
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION queue_for_watches IS 'Lets watches see what publishers wrote; what Warta read again by newer rules is no news.';
CREATE TRIGGER queue_for_watches AFTER INSERT ON revisions
FOR EACH ROW WHEN (new.origin = 'publisher') EXECUTE FUNCTION queue_for_watches();

CREATE TABLE deliveries (
    delivery_id   uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    event         text NOT NULL,
    way           text NOT NULL CHECK (way IN ('email', 'webhook')),
    address       text NOT NULL,
    watch_id      bigint REFERENCES watches ON DELETE CASCADE,
    subject       text,
    created_at    timestamptz NOT NULL DEFAULT now(),
    next_try_at   timestamptz NOT NULL DEFAULT now(),
    tries         integer NOT NULL DEFAULT 0,
    delivered_at  timestamptz,
    gave_up_at    timestamptz,
    reason        text,
    CHECK (delivered_at IS NULL OR gave_up_at IS NULL),
    CHECK ((watch_id IS NULL) <> (subject IS NULL)),
    UNIQUE (event, address, subject)
);
CREATE INDEX deliveries_open_idx ON deliveries (next_try_at) WHERE delivered_at IS NULL AND gave_up_at IS NULL;
CREATE INDEX ON deliveries (watch_id, created_at DESC);
CREATE INDEX ON deliveries (created_at DESC);
COMMENT ON TABLE deliveries IS 'Messages that go out, each once. What they say is made of what they are about when they are sent, and never kept here.';
COMMENT ON COLUMN deliveries.delivery_id IS 'Key; by it the receiver knows a message that is sent again (Message-ID, webhook-id).';
COMMENT ON COLUMN deliveries.event IS 'What it tells: watch.matched, crawl.finished, alarm.raised.';
COMMENT ON COLUMN deliveries.way IS 'email or webhook.';
COMMENT ON COLUMN deliveries.address IS 'E-mail addresses, or the name of the webhook''s connection.';
COMMENT ON COLUMN deliveries.watch_id IS 'The watch; null for other events.';
COMMENT ON COLUMN deliveries.subject IS 'What it is about: the id of the crawl''s run, the alarm''s id and when it was raised; null for watches, whose matches name their delivery.';
COMMENT ON COLUMN deliveries.created_at IS 'When it was due first.';
COMMENT ON COLUMN deliveries.next_try_at IS 'When it is tried next.';
COMMENT ON COLUMN deliveries.tries IS 'How often it was tried.';
COMMENT ON COLUMN deliveries.delivered_at IS 'When the receiver took it; null where it has not.';
COMMENT ON COLUMN deliveries.gave_up_at IS 'Since when it is tried no more; null where it is.';
COMMENT ON COLUMN deliveries.reason IS 'Why the last try failed; null where it did not.';

CREATE TABLE watch_matches (
    watch_id     bigint NOT NULL REFERENCES watches ON DELETE CASCADE,
    article_id   bigint NOT NULL REFERENCES articles ON DELETE CASCADE,
    revision     integer NOT NULL,
    matched_at   timestamptz NOT NULL,
    copy_of      bigint,
    delivery_id  uuid REFERENCES deliveries,  -- a message that is gone would be told anew
    PRIMARY KEY (watch_id, article_id)
);
CREATE INDEX ON watch_matches (article_id);
CREATE INDEX ON watch_matches (delivery_id);
CREATE INDEX watch_matches_newest_idx ON watch_matches (watch_id, matched_at DESC, article_id DESC) WHERE copy_of IS NULL;
CREATE INDEX watch_matches_untold_idx ON watch_matches (watch_id) WHERE copy_of IS NULL AND delivery_id IS NULL;
COMMENT ON TABLE watch_matches IS 'Articles that match a watch, each once, whatever is stored of it later.';
COMMENT ON COLUMN watch_matches.watch_id IS 'The watch.';
COMMENT ON COLUMN watch_matches.article_id IS 'The article.';
COMMENT ON COLUMN watch_matches.revision IS 'Its revision that matched.';
COMMENT ON COLUMN watch_matches.matched_at IS 'When that was found.';
COMMENT ON COLUMN watch_matches.copy_of IS 'The match of which this is a copy, and which is told in its place; null where it is told itself.';
COMMENT ON COLUMN watch_matches.delivery_id IS 'The message that tells it; null where none does yet.';

CREATE TABLE delivery_tries (
    delivery_id  uuid NOT NULL REFERENCES deliveries ON DELETE CASCADE,
    tried_at     timestamptz NOT NULL,
    seconds      real NOT NULL,
    answer       text NOT NULL,
    PRIMARY KEY (delivery_id, tried_at)
);
COMMENT ON TABLE delivery_tries IS 'Each try to deliver a message.';
COMMENT ON COLUMN delivery_tries.delivery_id IS 'The message.';
COMMENT ON COLUMN delivery_tries.tried_at IS 'When.';
COMMENT ON COLUMN delivery_tries.seconds IS 'How long it took.';
COMMENT ON COLUMN delivery_tries.answer IS 'What the receiver answered, or why it was not reached.';

CREATE TABLE webhooks (
    name        text PRIMARY KEY,
    events      text[] NOT NULL CHECK (events <@ '{crawl.finished,alarm.raised}'::text[]),
    created_by  text NOT NULL,
    since       timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE webhooks IS 'Who is told of events of Warta itself. Address and secret stand in the connection of that name.';
COMMENT ON COLUMN webhooks.name IS 'The connection''s name.';
COMMENT ON COLUMN webhooks.events IS 'What is told: crawl.finished, alarm.raised.';
COMMENT ON COLUMN webhooks.created_by IS 'Who asked for it.';
COMMENT ON COLUMN webhooks.since IS 'When; what happened before is not told.';

CREATE FUNCTION next_message(every text, time_of_day time, time_zone text, after timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE every
    WHEN 'hourly' THEN date_trunc('hour', after, 'UTC') + interval '1 hour'
    WHEN 'daily' THEN (SELECT min((day::date + time_of_day) AT TIME ZONE time_zone)
                       FROM generate_series((after AT TIME ZONE time_zone)::date, (after AT TIME ZONE time_zone)::date + 1, interval '1 day') AS day
                       WHERE (day::date + time_of_day) AT TIME ZONE time_zone > after)
END;
COMMENT ON FUNCTION next_message IS 'When the next collected message of a watch is due; null where it tells at once.';
