"""Webhooks, signed as https://www.standardwebhooks.com says, so that a receiver's library can check them."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpcore
from standardwebhooks import Webhook

from scrapers.errors import UsageError
from scrapers.fetch.ssrf_guard import NEVER_ASKED, port_of
from scrapers.outbound.connections import Target
from scrapers.outbound.guard import NotReached, address_of
from scrapers.outbound.outcome import Outcome

TIMEOUT_S = 15.0
ANSWER_S = 30.0  # for the whole of an answer, however slowly it comes
MOST_ANSWER = 64 * 1024  # bytes
TIMEOUTS = dict.fromkeys(("connect", "read", "write", "pool"), TIMEOUT_S)
GONE = 410  # the receiver wants no more, as Standard Webhooks has it


class _GuardedBackend(httpcore.NetworkBackend):
    """Connects where the address guard lets it; TLS still asks for the certificate of the host's name."""

    def __init__(self) -> None:
        self.sockets = httpcore.SyncBackend()

    def connect_tcp(self, host: str, port: int, *given: Any, **named: Any) -> httpcore.NetworkStream:
        return self.sockets.connect_tcp(address_of(host, port), port, *given, **named)


def signed(secret: str, message_id: str, body: str, at: datetime) -> dict[bytes | str, bytes | str]:
    """Return the headers of a message: its id, time and signature. Raises UsageError for no such secret."""
    try:
        signature = Webhook(secret).sign(message_id, at.astimezone(UTC), body)
    except (ValueError, RuntimeError):
        raise UsageError("its secret is none: whsec_ and base64 make one, or `warta webhook add`") from None
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature,
        "content-type": "application/json",
        "user-agent": "Warta (webhooks)",
    }


def post(target: Target, message_id: str, body: str) -> Outcome:
    """Send a message to a webhook, and return what came of it; redirects are not followed."""
    if port_of(target.url) in NEVER_ASKED or urlsplit(target.url).scheme not in ("http", "https"):
        return Outcome.refused("its address is no http or https address of a port that webhooks have")
    headers = signed(target.password or "", message_id, body, datetime.now(UTC))
    try:
        status = _status(target.url, headers, body.encode())
    except NotReached as error:
        return Outcome.failed(str(error), is_away=True)
    except (OSError, httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
        return Outcome.failed(f"no answer: {type(error).__name__} {error}".strip()[:300], is_away=True)
    except httpcore.UnsupportedProtocol:
        return Outcome.refused("its address is none")
    if 200 <= status < 300:
        return Outcome.done(f"HTTP {status}")
    return (
        Outcome.refused("HTTP 410: the receiver wants no more") if status == GONE else Outcome.failed(f"HTTP {status}")
    )


def _status(url: str, headers: Mapping[bytes | str, bytes | str], body: bytes) -> int:
    deadline, size = time.monotonic() + ANSWER_S, 0
    with (
        httpcore.ConnectionPool(network_backend=_GuardedBackend()) as pool,
        pool.stream("POST", url, headers=headers, content=body, extensions={"timeout": TIMEOUTS}) as answer,
    ):
        for piece in answer.iter_stream():
            size += len(piece)
            if size > MOST_ANSWER or time.monotonic() > deadline:
                break
        return int(answer.status)
