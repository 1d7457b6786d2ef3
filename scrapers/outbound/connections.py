"""Where mail servers and webhooks are, with their secrets: in a file of mode 0600, or in Airflow's connections.

The file is WARTA_HOME/connections.json, written as Airflow's own local secrets backend reads it: a connection's name,
and its `host`, `port`, `login`, `password` and `extra`, or all in one URI. In a task, what the file lacks is asked of
Airflow (scrapers/airflow/outbound.py).
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from scrapers import config
from scrapers.errors import UsageError
from scrapers.storage.files import write_private

MAIL = "warta_smtp"

Lookup = Callable[[str], "dict[str, Any] | None"]


@dataclass(frozen=True, slots=True)
class Target:
    """A connection; `url` is the address of a webhook. What it holds is never printed."""

    name: str
    url: str = field(default="", repr=False)
    host: str = ""
    port: int | None = None
    login: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    extra: dict[str, Any] = field(default_factory=dict, repr=False)


def find(name: str, further: Lookup = lambda name: None) -> Target:
    """Return the connection of a name; raises UsageError where there is none, or it cannot be read.

    `further` is asked for what the file lacks; it returns the connection's fields, or None.
    """
    found = _of_file().get(name) or further(name)
    if found is None:
        raise UsageError(
            f"no connection {name!r} in {config.CONNECTIONS} or Airflow: docs/how-to/watch.md says how to add it"
        )
    try:
        return _of_uri(name, found) if isinstance(found, str) else _target(name, found)
    except (ValueError, TypeError, AttributeError):
        raise UsageError(f"the connection {name!r} cannot be read: see docs/how-to/watch.md for its form") from None


def add_webhook(name: str, url: str, secret: str) -> None:
    """Keep where a webhook is and its secret, in the file; raises UsageError for an address that is none."""
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise UsageError("the address of a webhook begins with https:// or http://")
    _write({**_of_file(), name: {"conn_type": "http", "host": url, "password": secret}})


def remove_webhook(name: str) -> None:
    """Forget a webhook's address and secret, if the file has them."""
    _write({known: fields for known, fields in _of_file().items() if known != name})


def _write(kept: dict[str, Any]) -> None:
    write_private(config.CONNECTIONS, json.dumps(kept, indent=2))


def _of_file() -> dict[str, Any]:
    try:
        mode, text = config.CONNECTIONS.stat().st_mode, config.CONNECTIONS.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    if mode & 0o077:
        raise UsageError(
            f"{config.CONNECTIONS} holds secrets and others may read it: run `chmod 600 {config.CONNECTIONS}`"
        )
    try:
        found = json.loads(text)
    except ValueError:
        raise UsageError(f"{config.CONNECTIONS} is no JSON: see docs/how-to/watch.md for its form") from None
    return found if isinstance(found, dict) else {}


def _of_uri(name: str, uri: str) -> Target:
    parts = urlsplit(uri)
    login, password = (unquote(text) if text else None for text in (parts.username, parts.password))
    extra = dict(parse_qsl(parts.query))
    host = unquote(parts.hostname or "")
    given = {"conn_type": parts.scheme, "host": host, "port": parts.port, "login": login, "password": password}
    return _target(name, {**given, "extra": extra})


def _target(name: str, found: dict[str, Any]) -> Target:
    extra = found.get("extra") or {}
    if isinstance(extra, str):
        extra = json.loads(extra)
    host, port = str(found.get("host") or ""), found.get("port")
    url = host
    if host and "://" not in host:
        scheme = found.get("schema") or found.get("conn_type") or "https"
        url = f"{scheme}://{host}" + (f":{port}" if port else "")
    return Target(
        name,
        url=url,
        host=host,
        port=int(port) if port else None,
        login=found.get("login"),
        password=found.get("password"),
        extra=extra,
    )
