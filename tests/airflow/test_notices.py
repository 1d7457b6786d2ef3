"""Alarms are told through Airflow's notifiers, to a mail server and a web server on this machine."""

import email
import email.policy
import json
import socketserver
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from scrapers import config
from scrapers.airflow import notices
from scrapers.errors import NoticeError
from scrapers.monitor.alarms import acknowledge, silence, standing_alarms
from scrapers.monitor.findings import Finding
from scrapers.monitor.watch import keep

NOW = datetime.now(UTC)
SAMPLE = "https://www.kompas.com/read/1"


@contextmanager
def serving(server):
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


class Smtp(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a client of it needs."""

    def handle(self):
        self.wfile.write(b"220 mail.test\r\n")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.mails.append(email.message_from_bytes(b"".join(lines), policy=email.policy.default))
            self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")


@pytest.fixture
def mails(monkeypatch):
    """Return the mails that a server on this machine has taken; the channel is set up."""
    with serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Smtp)) as server:
        server.mails = []
        told = {"from_email": "warta@example.test", "disable_ssl": True, "disable_tls": True}
        port = server.server_address[1]
        given = {"conn_type": "smtp", "host": "127.0.0.1", "port": port, "extra": told}
        monkeypatch.setenv("AIRFLOW_CONN_WARTA_SMTP", json.dumps(given))
        monkeypatch.setattr(config, "ALARM_MAIL", ["desk@example.test", "night@example.test"])
        yield server.mails


class Hook(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posts.append((self.path, dict(self.headers), json.loads(body)))
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(b"ok")

    def do_GET(self):
        self.server.posts.append((self.path, dict(self.headers), None))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def web():
    """Return a web server whose `posts` are its requests, each with path, headers and JSON."""
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Hook)) as server:
        server.posts, server.status = [], 200
        yield server


@pytest.fixture
def webhook(web, monkeypatch):
    """Return the requests of a webhook that is set up."""
    host = f"http://127.0.0.1:{web.server_port}/hook"
    monkeypatch.setenv("AIRFLOW_CONN_WARTA_WEBHOOK", json.dumps({"conn_type": "http", "host": host}))
    return web.posts


def raise_alarm(database, *rules, summary="css:.body found it on 5 % of the pages"):
    found = [Finding(rule, "kompas", summary, NOW, "article_body", "css:.body", SAMPLE) for rule in rules]
    keep(database, NOW, found, list(rules))
    return standing_alarms(database)


def test_alarm_is_told_once_by_mail_with_what_it_is_and_what_to_do(database, mails):
    [alarm] = raise_alarm(database, "template_changed", summary="<b>{{ 7 * 7 }}</b>\N{BULLET} 5 %")

    told = [notices.tell(database), notices.tell(database)]

    assert told == [{"mail": 1}, {"mail": 0}]
    [mail] = mails
    assert mail["Message-ID"] == f"<alarm-{alarm.alarm_id}-{alarm.raised_at:%Y%m%dT%H%M%S%f}@warta>"
    assert (mail["To"], mail["From"]) == ("desk@example.test, night@example.test", "warta@example.test")
    assert mail["Subject"] == "Warta: kompas: template_changed article_body"
    html = mail.get_body().get_content()
    assert "&lt;b&gt;{{ 7 * 7 }}&lt;/b&gt;\N{BULLET} 5 %" in html  # a page's words are neither markup nor a template
    assert SAMPLE in html
    assert f"warta alarms acknowledge {alarm.alarm_id}" in html
    assert standing_alarms(database)[0].notified_at


def test_alarm_is_told_to_a_webhook_and_to_slack(database, web, webhook, monkeypatch):
    host = f"http://127.0.0.1:{web.server_port}/services"
    given = {"conn_type": "slackwebhook", "host": host, "password": "T00/B00/secret"}
    monkeypatch.setenv("AIRFLOW_CONN_WARTA_SLACK", json.dumps(given))
    [alarm] = raise_alarm(database, "pages_unread", summary="<!channel> 5 %")

    assert notices.tell(database) == {"slack": 1, "webhook": 1}

    (slack_path, _, slack), (hook_path, headers, body) = webhook
    assert slack_path == "/services/T00/B00/secret"
    assert "Warta: kompas: pages_unread article_body\n&lt;!channel&gt; 5 %" in slack["text"]
    assert hook_path == "/hook"
    assert headers["Idempotency-Key"] == f"alarm-{alarm.alarm_id}-{alarm.raised_at:%Y%m%dT%H%M%S%f}"
    assert (body["rule"], body["outlet"], body["sample_url"]) == ("pages_unread", "kompas", SAMPLE)
    assert body["began_at"] == NOW.isoformat()


def test_alarm_that_was_sent_and_not_noted_is_sent_again_under_the_same_key(database, webhook, monkeypatch):
    raise_alarm(database, "pages_unread")
    note = notices.query

    def killed(name):
        if name == "note_told":
            raise KeyboardInterrupt
        return note(name)

    monkeypatch.setattr(notices, "query", killed)
    with pytest.raises(KeyboardInterrupt):
        notices.tell(database)
    monkeypatch.setattr(notices, "query", note)

    assert notices.tell(database) == {"webhook": 1}
    assert notices.tell(database) == {"webhook": 0}
    first, second = (headers["Idempotency-Key"] for _, headers, _ in webhook)
    assert first == second


def test_channel_that_fails_is_an_error_which_keeps_no_other_from_being_told(database, web, webhook, mails):
    raise_alarm(database, "pages_unread")
    web.status = 500

    with pytest.raises(NoticeError, match=r"^alarms were not told by webhook: .*500.*operate\.md"):
        notices.tell(database)
    web.status = 200

    assert len(mails) == 1
    assert notices.tell(database) == {"mail": 0, "webhook": 1}


def test_alarm_that_is_silenced_or_acknowledged_or_over_is_told_to_nobody(database, webhook):
    alarms = {alarm.rule: alarm.alarm_id for alarm in raise_alarm(database, "pages_unread", "feed_failing", "disk_low")}
    silence(database, alarms["pages_unread"], until=NOW + timedelta(hours=1), by="ani")
    acknowledge(database, alarms["feed_failing"], by="ani")
    keep(database, NOW + timedelta(minutes=1), [], ["disk_low"])

    assert notices.tell(database) == {"webhook": 0}

    silence(database, alarms["pages_unread"], until=NOW - timedelta(hours=1), by="ani")
    assert notices.tell(database) == {"webhook": 1}


def test_without_a_channel_nothing_is_told_and_nothing_fails(database):
    raise_alarm(database, "pages_unread")

    assert notices.tell(database) == {}


def test_ping_follows_a_watch_and_its_address_is_in_no_log(web, monkeypatch, caplog):
    monkeypatch.setattr(config, "WATCH_PING", f"http://127.0.0.1:{web.server_port}/ping/secret")

    notices.ping()
    web.status = 500
    notices.ping()

    assert [path for path, *_ in web.posts] == ["/ping/secret"] * 2
    [warning] = [record for record in caplog.records if record.levelname == "WARNING"]
    assert warning.getMessage() == "the ping of WARTA_WATCH_PING failed: HTTPStatusError"
