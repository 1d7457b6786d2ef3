"""Tell alarms through Airflow's own notifiers: mail, Slack, any webhook.

A channel is set up by an Airflow connection: `warta_smtp` (and WARTA_ALARM_MAIL), `warta_slack`, `warta_webhook`; see
docs/how-to/operate.md. An alarm is told once through each. Where a process is killed between sending and noting it, the
next one sends the alarm again under the same Message-ID or Idempotency-Key, by which it can be known.
"""

import logging
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

import httpx
import psycopg

from scrapers import config
from scrapers.errors import NoticeError, one_line
from scrapers.monitor.alarms import Alarm, alarm, as_json
from scrapers.storage.connection import query, session_lock

logger = logging.getLogger(__name__)

SMTP, SLACK, WEBHOOK = "warta_smtp", "warta_slack", "warta_webhook"  # Airflow connections
TIMEOUT_S = 30
PING_S = 10.0
Send = Callable[[Alarm], None]


def tell(connection: psycopg.Connection) -> dict[str, int]:
    """Tell each channel the standing alarms that it was not told, unless they are silenced or acknowledged.

    Returns how many each was told. Raises NoticeError where a channel took none of what it had to take, after the
    others have been told. Does nothing where another process is at it.
    """
    with session_lock(connection, "warta alarms") as is_ours:
        told = {name: _tell(connection, name, send) for name, send in channels().items()} if is_ours else {}
    if failed := [f"{name}: {why}" for name, (_, why) in told.items() if why]:
        raise NoticeError(
            f"alarms were not told by {'; '.join(failed)} (see docs/how-to/operate.md for the connection)"
        )
    return {name: number for name, (number, _) in told.items()}


def channels() -> dict[str, Send]:
    """Return what is set up, by its name."""
    found: dict[str, Send] = {}
    if config.ALARM_MAIL and _has_connection(SMTP):
        found["mail"] = send_mail
    if _has_connection(SLACK):
        found["slack"] = send_to_slack
    if _has_connection(WEBHOOK):
        found["webhook"] = send_to_webhook
    return found


def _has_connection(name: str) -> bool:
    from airflow.sdk import BaseHook
    from airflow.sdk.exceptions import AirflowNotFoundException

    try:
        BaseHook.get_connection(name)
    except AirflowNotFoundException:
        return False
    return True


def _tell(connection: psycopg.Connection, channel: str, send: Send) -> tuple[int, str]:
    """Send what the channel was not told; return how many, and why it stopped before the end."""
    rows = connection.execute(query("untold_alarms"), {"channel": channel}).fetchall()
    for number, (alarm_id,) in enumerate(rows):
        try:
            send(alarm(connection, alarm_id))
        except Exception as error:  # noqa: BLE001 - each provider has errors of its own; the others are told all the same
            return number, one_line(error)
        connection.execute(query("note_told"), {"alarm_id": alarm_id, "channel": channel})
    return len(rows), ""


# Called without a context: what a page has written is no template, and is never rendered as one.
NO_CONTEXT: Any = {}


def send_mail(alarm: Alarm) -> None:
    """Send the alarm to WARTA_ALARM_MAIL through the connection `warta_smtp`, which also names the sender."""
    from airflow.providers.smtp.notifications.smtp import SmtpNotifier

    lines = "".join(
        f"<tr><th align=left>{name}</th><td>{escape(text)}</td></tr>" for name, text in facts(alarm).items()
    )
    SmtpNotifier(
        to=config.ALARM_MAIL,
        subject=subject(alarm),
        html_content=f"<p>{escape(alarm.summary)}</p><table>{lines}</table>",
        custom_headers={"Message-ID": f"<{key(alarm)}@warta>"},
        smtp_conn_id=SMTP,
    ).notify(NO_CONTEXT)


def send_to_slack(alarm: Alarm) -> None:
    """Send the alarm to the Slack webhook of the connection `warta_slack`."""
    from airflow.providers.slack.notifications.slack_webhook import SlackWebhookNotifier

    lines = [f"{name}: {text}" for name, text in facts(alarm).items()]
    text = escape("\n".join([subject(alarm), alarm.summary, *lines]), quote=False)
    notifier: Any = SlackWebhookNotifier(slack_webhook_conn_id=SLACK, text=text, timeout=TIMEOUT_S)
    notifier.notify(NO_CONTEXT)


def send_to_webhook(alarm: Alarm) -> None:
    """Post the alarm, as `warta alarms --json` shows it, to the address of the connection `warta_webhook`."""
    from airflow.providers.http.notifications import HttpNotifier

    [row] = as_json([alarm])
    body = {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}
    HttpNotifier(
        http_conn_id=WEBHOOK,
        json=body,
        headers={"Idempotency-Key": key(alarm)},
        extra_options={"timeout": TIMEOUT_S},
    ).notify(NO_CONTEXT)


def key(alarm: Alarm) -> str:
    """Return what is the same each time that the alarm is sent, and no other alarm's."""
    return f"alarm-{alarm.alarm_id}-{alarm.raised_at:%Y%m%dT%H%M%S%f}"


def subject(alarm: Alarm) -> str:
    """Return the alarm in a line of at most 150 characters, which hold no line break."""
    line = " ".join(f"Warta: {alarm.outlet or 'all outlets'}: {alarm.rule} {alarm.field or ''}".split())
    return line[:150]


def facts(alarm: Alarm) -> Mapping[str, str]:
    """Return what the alarm says beside its summary, by name."""
    given = {
        "outlet": alarm.outlet,
        "field": alarm.field,
        "about": alarm.subject,
        "sample page": alarm.sample_url,
        "since": f"{alarm.began_at:%Y-%m-%d %H:%M} UTC",
        "what to do": alarm.advice,
        "say that you look after it": f"warta alarms acknowledge {alarm.alarm_id}",
    }
    return {name: text for name, text in given.items() if text}


def ping() -> None:
    """Fetch WARTA_WATCH_PING, if it is set: who waits for it tells somebody when it does not come.

    A fault is logged and no more: then it does not come. The address is a secret, and in no message.
    """
    if not config.WATCH_PING:
        return
    try:
        httpx.get(config.WATCH_PING, timeout=PING_S).raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        logger.warning("the ping of WARTA_WATCH_PING failed: %s", type(error).__name__)
