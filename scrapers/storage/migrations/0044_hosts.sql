-- What every crawl must know of a host before it asks it again, whichever machine it runs on.
CREATE TABLE hosts (
    host             text PRIMARY KEY,
    next_request_at  timestamptz NOT NULL DEFAULT now(),
    closed_until     timestamptz,
    closed_because   text,
    failures         integer NOT NULL DEFAULT 0,
    openings         integer NOT NULL DEFAULT 0,
    probed_at        timestamptz,
    not_found_words  text[],
    tdm_asked_at     timestamptz,
    tdm_rules        jsonb,
    not_found_url    text,
    CHECK (closed_until IS NULL OR closed_because IS NOT NULL)
) WITH (fillfactor = 50);  -- a row is updated at every request: leave room for its next version in the same block

COMMENT ON TABLE hosts IS 'One row a host that was ever asked: when it may be asked next. All crawls share it.';
COMMENT ON COLUMN hosts.host IS 'Name, with the port where it is not the scheme''s own.';
COMMENT ON COLUMN hosts.next_request_at IS 'The next request may be sent from then on: the last one, and the delay that held for it.';
COMMENT ON COLUMN hosts.closed_until IS 'No request before this: the host''s Retry-After, or the breaker''s pause; then one request tries whether it answers again.';
COMMENT ON COLUMN hosts.closed_because IS 'Why: http_429, http_503, or the last of the failures that opened the breaker.';
COMMENT ON COLUMN hosts.failures IS 'Pages in a row that gave no answer, or a server error.';
COMMENT ON COLUMN hosts.openings IS 'How often in a row the breaker has opened; each time the pause is twice as long.';
COMMENT ON COLUMN hosts.probed_at IS 'When it was last asked for a page that cannot exist.';
COMMENT ON COLUMN hosts.not_found_words IS 'The words of its answer where that was no 404, so that pages like it are known; empty for an honest host.';
COMMENT ON COLUMN hosts.tdm_asked_at IS 'When it was last asked for /.well-known/tdmrep.json.';
COMMENT ON COLUMN hosts.tdm_rules IS 'What that said, in its order: [location, whether text and data mining is reserved]; empty where there is no such file.';
COMMENT ON COLUMN hosts.not_found_url IS 'Where it leads from addresses that it doesn''t have; null where it answers under them.';

CREATE TABLE robots (
    origin      text PRIMARY KEY,
    body        bytea,
    status      integer,
    fetched_at  timestamptz,
    asked_at    timestamptz NOT NULL DEFAULT now(),
    error       text,
    CHECK ((body IS NULL) = (fetched_at IS NULL))
);

COMMENT ON TABLE robots IS 'robots.txt of each origin, as RFC 9309 lets it be kept: a day, and longer only while it cannot be had.';
COMMENT ON COLUMN robots.origin IS 'Scheme, name and port, such as https://www.example.com.';
COMMENT ON COLUMN robots.body IS 'The rules, at most 500 KiB of them; empty where the host has none (4xx). Null: never had.';
COMMENT ON COLUMN robots.status IS 'HTTP status of the last answer; null where none came.';
COMMENT ON COLUMN robots.fetched_at IS 'When the rules were last had.';
COMMENT ON COLUMN robots.asked_at IS 'When they were last asked for.';
COMMENT ON COLUMN robots.error IS 'Why they could not be had then; null where they could.';
