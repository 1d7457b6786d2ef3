"""A mail server, an HTTP receiver that fails now and then, and articles that arrive."""

import json
import threading
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from aiosmtpd.controller import Controller
from standardwebhooks import Webhook

from scrapers import config
from scrapers.local.ports import free_port
from scrapers.outbound import connections
from tests.arrivals import arrive

__all__ = ["arrive"]

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Mailbox:
    """What the mail server took; a Message-ID that it has is taken and dropped, as Cyrus and Gmail do."""

    def __init__(self):
        self.mails, self.again, self.replies = {}, [], []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        if self.replies and (reply := self.replies.pop(0)):
            return reply
        mail = message_from_bytes(envelope.content, policy=policy.default)
        if mail["Message-ID"] in self.mails:
            self.again.append(mail["Message-ID"])
        else:
            self.mails[mail["Message-ID"]] = mail
        return "250 OK"

    @property
    def list(self):
        return list(self.mails.values())


class Receiver(ThreadingHTTPServer):
    """Takes webhooks whose signature is right, each id once; answers with `statuses` first."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.events, self.again, self.statuses = {}, [], []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/hook"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        status = self.server.statuses.pop(0) if self.server.statuses else 204
        if status == 204:
            event = Webhook(SECRET).verify(body, dict(self.headers))
            known = self.server.events
            if self.headers["webhook-id"] in known:
                self.server.again.append(self.headers["webhook-id"])
            known[self.headers["webhook-id"]] = event
        self.send_response(status)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def receiver():
    server = Receiver()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def mailbox(tmp_path):
    """Return what a mail server on this machine took."""
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port(tmp_path / "smtp", 10025))
    controller.start()
    box.port = controller.port
    yield box
    controller.stop()


@pytest.fixture
def outbound(monkeypatch, tmp_path, mailbox, receiver):
    """Set up the connections of the mail server and of the webhook `desk`; loopback is allowed."""
    file = tmp_path / "state" / "connections.json"
    monkeypatch.setattr(config, "CONNECTIONS", file)
    monkeypatch.setenv("WARTA_ALLOWED_NETWORKS", "127.0.0.0/8")
    plain = {"disable_ssl": True, "disable_tls": True, "from_email": "warta@example.com"}
    connections.add_webhook("desk", receiver.url, SECRET)
    known = json.loads(file.read_text())
    known["warta_smtp"] = {"conn_type": "smtp", "host": "127.0.0.1", "port": mailbox.port, "extra": plain}
    file.write_text(json.dumps(known))
    return file
