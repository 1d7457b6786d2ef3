"""Events of Warta itself, told by webhook."""

import json
from datetime import UTC, datetime

import pytest

from scrapers import config
from scrapers.outbound import events
from scrapers.outbound.telling import tell
from tests.outbound.conftest import SECRET


@pytest.fixture
def webhook(database, outbound, receiver, monkeypatch):
    """Return the name of a webhook that is told of crawls."""
    monkeypatch.setattr(events.secrets, "token_bytes", lambda size: __import__("base64").b64decode(SECRET[6:]))
    events.add(database, "ops", receiver.url, list(events.BODIES), by="test")
    return "ops"


def test_finished_crawl_is_told_once_with_its_outcome_and_pages(commands, database, webhook, receiver):
    receiver.statuses = [500]
    commands.crawl("seed")

    tell(database)
    database.execute("UPDATE deliveries SET next_try_at = now()")
    tell(database)
    tell(database)

    [event] = receiver.events.values()
    assert event["type"] == "crawl.finished"
    assert (event["data"]["outlet"], event["data"]["outcome"]) == ("seed", "succeeded")
    assert {key: event["data"]["pages"][0][key] for key in ("state", "reason")} == {"state": "stored", "reason": None}
    assert not receiver.again


def test_raised_alarm_is_told_once_and_again_only_where_it_is_raised_again(database, webhook, receiver):
    raised = """
        INSERT INTO alarms (rule, outlet, summary, began_at, raised_at, last_seen_at, acknowledged_at, acknowledged_by)
        VALUES ('feed_failing', 'seed', %s, now(), clock_timestamp(), now(), %s, %s)
    """
    database.execute(raised, ["three failed polls", None, None])
    database.execute(raised.replace("'seed'", "'kompas'"), ["seen", datetime.now(UTC), "Siti"])

    tell(database)
    tell(database)
    database.execute("UPDATE alarms SET raised_at = clock_timestamp() WHERE outlet = 'seed'")
    tell(database)

    told = [(event["type"], event["data"]["summary"]) for event in receiver.events.values()]
    assert told == [("alarm.raised", "three failed polls")] * 2


def test_command_adds_lists_and_removes_a_webhook_and_prints_no_address(commands, outbound, receiver, monkeypatch):
    commands.environment["WARTA_HOME"] = str(outbound.parent)

    added = commands.warta(
        "webhook", "add", "ops", "--event", "crawl.finished", stdin="https://x.example/secret-path\n"
    )
    listed = commands.warta("webhook", "list")
    known = json.loads(config.CONNECTIONS.read_text())
    removed = commands.warta("webhook", "remove", "ops")

    assert added.out.startswith("whsec_")
    assert known["ops"]["host"] == "https://x.example/secret-path"
    assert outbound.stat().st_mode & 0o777 == 0o600
    assert "crawl.finished" in listed.out
    assert "secret-path" not in added.out + added.err + listed.out
    assert removed.code == 0
    assert "ops" not in json.loads(config.CONNECTIONS.read_text())
