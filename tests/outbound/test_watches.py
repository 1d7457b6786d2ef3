"""Watches: what matches, who is told, and that nobody is told twice."""

import json
from datetime import UTC, datetime, time, timedelta

import pytest

from scrapers.errors import UsageError
from scrapers.outbound import connections, matching, watches
from scrapers.outbound.messages import Digest
from scrapers.outbound.telling import BACKOFF, send_test, tell
from scrapers.publish.search import Search
from scrapers.storage.connection import connect
from tests.roles import as_role

NOW = datetime.now(UTC)
FRESH = {"date_published": NOW - timedelta(minutes=5)}


@pytest.fixture
def watch(database, outbound):
    """Return a function that saves a watch."""

    def saved(name="Tanker", query="tanker", *, way="email", address="desk@example.com", search=None, **given):
        asked = search or Search(query)
        return watches.add(database, name, asked, way=way, address=address, by="test", **given)[0]

    return saved


def test_article_that_matches_is_told_once_whatever_happens_to_it_later(database, watch, arrive, mailbox):
    watch()
    arrive(
        "Kapal <b>tanker</b> disita", "Sebuah kapal tanker disita di Batam.", url="https://www.example.test/a", **FRESH
    )
    arrive("Harga beras", "Naik.", **FRESH)

    tell(database)
    tell(database)
    arrive("Kapal tanker besar disita", "Tanker itu disita.", url="https://www.example.test/a", **FRESH)
    tell(database)

    [mail] = mailbox.list
    assert mail["Subject"] == "Tanker: Kapal <b>tanker</b> disita"
    assert mail["To"] == "desk@example.com"
    text = mail.get_body(("plain",)).get_content()
    html = mail.get_body(("html",)).get_content()
    assert "https://www.example.test/a" in text
    assert "WIB" in text
    assert "Sebuah kapal <b>tanker</b> disita" in html
    assert "Kapal &lt;b&gt;tanker&lt;/b&gt; disita" in html
    assert not mailbox.again
    assert watches.find(database, "Tanker").matches == 1


def test_word_that_comes_by_an_edit_is_told_and_one_that_comes_by_newer_rules_is_not(database, watch, arrive, mailbox):
    arrive("Kapal", "Sebuah kapal.", url="https://www.example.test/a", **FRESH)
    watch()
    arrive("Kapal", "Sebuah kapal tanker.", url="https://www.example.test/a", **FRESH)
    tell(database)
    database.execute("DELETE FROM watch_arrivals")
    queued = "SELECT count(*) FROM watch_arrivals"
    [(run_id,)] = database.execute("SELECT run_id FROM runs LIMIT 1").fetchall()
    database.execute(
        "INSERT INTO revisions (article_id, revision, run_id, url, content, provenance, changes, origin)"
        " SELECT article_id, revision + 1, %s, url, content, provenance, '{}', 'reextraction'"
        " FROM revisions WHERE revision = 2",
        [run_id],
    )
    database.execute("UPDATE articles SET revision = 3")

    assert database.execute(queued).fetchone() == (0,)
    assert len(mailbox.list) == 1


def test_copies_are_lines_below_the_one_that_is_told_and_never_told_themselves(database, watch, arrive, mailbox):
    watch()
    first, copy, late = (arrive("Kapal tanker disita", "Tanker.", **FRESH) for _ in range(3))
    database.execute("INSERT INTO clusters VALUES (%s, %s), (%s, %s)", [first, first, copy, first])
    database.execute("DELETE FROM watch_arrivals WHERE article_id = %s", [late])
    tell(database)

    database.execute("INSERT INTO clusters VALUES (%s, %s)", [late, first])
    database.execute("INSERT INTO watch_arrivals (article_id, revision) VALUES (%s, 1)", [late])
    tell(database)

    [mail] = mailbox.list
    text = mail.get_body(("plain",)).get_content()
    assert "1 article for" in text
    assert "also: seed" in text
    [told] = watches.matches(database, watches.find(database, "Tanker").watch_id)
    assert [other["article_id"] for other in told["copies"]] == [copy, late]


def test_article_waits_until_dedup_has_seen_it_but_not_for_ever(database, watch, arrive, mailbox):
    watch()
    arrive("Kapal tanker", settled=False, **FRESH)

    tell(database)
    assert mailbox.list == []

    tell(database, now=datetime.now(UTC) + timedelta(hours=2))
    assert len(mailbox.list) == 1


def test_old_articles_that_are_read_late_are_no_news(database, watch, arrive, mailbox):
    watch()
    arrive("Kapal tanker", date_published=NOW - timedelta(days=31))
    arrive("Kapal tanker lain", date_published=NOW - timedelta(days=29))

    tell(database)

    assert [mail["Subject"] for mail in mailbox.list] == ["Tanker: Kapal tanker lain"]


@pytest.mark.parametrize(
    ("search", "tells"),
    [
        (Search("tanker", outlet="seed"), True), (Search("tanker", outlet="kompas"), False),
        (Search("tanker", section="Ekonomi"), True), (Search("tanker", author="Penulis"), True),
        (Search("tanker", author="Lain"), False), (Search('"kapal tanker"'), True), (Search('"tanker kapal"'), False),
        (Search("tank*"), True), (Search("kapal -tanker"), False), (Search("beras OR kapal"), True),
    ],
    ids=lambda value: "".join(filter(None, (value.query, value.outlet, value.section, value.author)))
    if isinstance(value, Search) else str(value),
)  # fmt: skip
def test_watch_finds_what_a_search_would_by_the_index(database, watch, arrive, mailbox, monkeypatch, search, tells):
    monkeypatch.setattr(matching, "FEW", 0)
    watch(search=search)
    arrive("Kapal tanker", article_section=("Ekonomi",), **FRESH)

    tell(database)

    assert bool(mailbox.list) == tells


def test_daily_watch_tells_all_of_a_day_at_its_hour_in_one_mail(database, watch, arrive, mailbox):
    saved = watch(every="daily", time_of_day=time(7), time_zone="Asia/Jakarta")
    for number in range(3):
        arrive(f"Kapal tanker {number}", **FRESH)

    tell(database, now=saved.next_at - timedelta(minutes=1))
    assert mailbox.list == []
    tell(database, now=saved.next_at)
    tell(database, now=saved.next_at + timedelta(hours=1))

    [mail] = mailbox.list
    assert saved.next_at.astimezone(UTC).hour == 0
    assert mail["Subject"] == "Tanker: Kapal tanker 0 and 2 more"
    assert watches.find(database, "Tanker").next_at == saved.next_at + timedelta(days=1)


def test_webhook_is_signed_and_tried_again_with_the_same_id_until_it_is_taken(database, watch, arrive, receiver):
    watch(way="webhook", address="desk")
    receiver.statuses = [500, 503]
    arrive("Kapal tanker disita", **FRESH)

    failed = tell(database)
    assert (failed.failed, failed.reason) == (1, "HTTP 500")
    assert watches.find(database, "Tanker").reason == "HTTP 500"
    assert tell(database).delivered == 0
    at = datetime.now(UTC)
    tell(database, now=at + BACKOFF[0] + timedelta(seconds=1))
    tell(database, now=at + BACKOFF[0] + BACKOFF[1] + timedelta(minutes=1))

    [event] = receiver.events.values()
    assert event["type"] == "watch.matched"
    assert event["data"]["articles"][0]["headline"] == "Kapal tanker disita"
    assert watches.find(database, "Tanker").reason is None
    answers = database.execute("SELECT answer FROM delivery_tries ORDER BY tried_at").fetchall()
    assert answers == [("HTTP 500",), ("HTTP 503",), ("HTTP 204",)]


def test_what_nobody_takes_is_given_up_with_its_reason_and_can_be_tried_again(database, watch, arrive, receiver):
    watch(way="webhook", address="desk")
    receiver.statuses = [500] * (len(BACKOFF) + 1)
    arrive("Kapal tanker", **FRESH)
    at = datetime.now(UTC)
    for wait in (timedelta(), *BACKOFF):
        at += wait + timedelta(seconds=1)
        tell(database, now=at)

    [given_up] = watches.deliveries(database, failed=True)
    assert (given_up["gave_up_at"], given_up["reason"]) == (at, "HTTP 500")
    watches.retry(database, str(given_up["delivery_id"]))
    tell(database, now=at)

    assert len(receiver.events) == 1


def test_receiver_that_wants_no_more_pauses_its_watch(database, watch, arrive, receiver):
    watch(way="webhook", address="desk")
    receiver.statuses = [410]
    arrive("Kapal tanker", **FRESH)

    tell(database)

    assert watches.find(database, "Tanker").paused_why == "HTTP 410: the receiver wants no more"


def test_mail_server_that_defers_is_asked_again_and_one_that_refuses_is_not(database, watch, arrive, mailbox):
    watch()
    mailbox.replies = ["451 later", None, "550 never"]
    arrive("Kapal tanker", **FRESH)
    tell(database)
    at = datetime.now(UTC) + BACKOFF[0] + timedelta(seconds=1)
    assert tell(database, now=at).delivered == 1

    arrive("Kapal tanker lain", **FRESH)
    tell(database, now=at)

    [refused] = watches.deliveries(database, failed=True)
    assert refused["gave_up_at"]
    assert refused["reason"] == "SMTP 550 never"


def test_message_that_cannot_be_made_keeps_no_other_from_being_sent(database, watch, arrive, mailbox, monkeypatch):
    made = Digest.subject
    monkeypatch.setattr(Digest, "subject", lambda digest: made(digest) if digest.watch.name == "Lain" else 1 / 0)
    watch()
    watch("Lain")
    arrive("Kapal tanker", **FRESH)

    told = tell(database)

    assert (told.delivered, told.failed) == (1, 1)
    assert watches.find(database, "Tanker").reason == "ZeroDivisionError: division by zero"


def test_address_inside_the_network_is_not_reached_unless_it_is_allowed(
    database, watch, arrive, receiver, mailbox, monkeypatch
):
    monkeypatch.setattr("scrapers.fetch.ssrf_guard.ALLOWED", set())
    monkeypatch.setattr("scrapers.outbound.guard.ALLOWED", set())
    monkeypatch.setenv("WARTA_ALLOWED_NETWORKS", "")
    watch(way="webhook", address="desk")
    watch("Surat")
    arrive("Kapal tanker", **FRESH)

    told = tell(database)

    assert told.failed == 2
    assert "which is not public" in watches.find(database, "Tanker").reason
    assert "which is not public" in watches.find(database, "Surat").reason
    assert (receiver.events, mailbox.list) == ({}, [])


def test_paused_watch_tells_nothing_and_goes_on_with_what_arrives_then(database, watch, arrive, mailbox):
    watch()
    watch("Lain", "beras")
    watches.pause(database, "Tanker", "by test")
    arrive("Kapal tanker lama", **FRESH)
    tell(database)
    watches.resume(database, "Tanker")
    arrive("Kapal tanker baru", **FRESH)
    tell(database)

    assert [mail["Subject"] for mail in mailbox.list] == ["Tanker: Kapal tanker baru"]


def test_test_message_shows_what_matches_now_and_notes_nothing(database, watch, arrive, mailbox):
    arrive("Kapal tanker", "Tanker.")
    saved = watch()

    assert send_test(database, saved).outcome == "delivered"

    [mail] = mailbox.list
    assert mail["Subject"] == "[test] Tanker: Kapal tanker"
    assert watches.matches(database, saved.watch_id) == []


def test_removed_watch_leaves_nothing(database, watch, arrive, mailbox):
    watch()
    arrive("Kapal tanker", **FRESH)
    tell(database)

    watches.remove(database, "Tanker")

    for table in ("watches", "watch_matches", "deliveries", "delivery_tries"):
        assert database.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"query": "-tanker"}, "nothing to look for"), ({"name": " "}, "is no name"), ({"name": "a\nb"}, "is no name"),
        ({"address": "desk"}, "no e-mail address"), ({"address": "a@b.c\nBcc: x@y.z"}, "no e-mail address"),
        ({"way": "webhook", "address": "../x"}, "no connection's name"), ({"time_zone": "Mars"}, "no time zone"),
    ],
    ids=["no word", "no name", "two lines", "no mailbox", "injected header", "no connection", "no zone"],
)  # fmt: skip
def test_watch_that_cannot_be_is_refused_with_what_is_wrong(watch, given, told):
    with pytest.raises(UsageError, match=told):
        watch(**given)


def test_file_of_secrets_that_others_may_read_is_not_used(outbound):
    outbound.chmod(0o644)

    with pytest.raises(UsageError, match="chmod 600"):
        connections.find("desk")


@pytest.mark.parametrize(
    "uri", ["smtp://user:p%40ss@mail.example.com:2525?from_email=a%40b.example&disable_ssl=true"], ids=["smtp"]
)
def test_connection_may_be_one_uri_as_airflow_writes_it(outbound, uri):
    outbound.write_text(f'{{"warta_smtp": "{uri}"}}')

    found = connections.find("warta_smtp")

    assert (found.host, found.port, found.login, found.password) == ("mail.example.com", 2525, "user", "p@ss")
    assert found.extra == {"from_email": "a@b.example", "disable_ssl": "true"}
    assert "p@ss" not in repr(found)


def test_writer_saves_a_watch_and_tells(dsn, database, outbound, arrive, mailbox):
    with connect(as_role(dsn, "writer")) as writer:
        watches.add(writer, "Tanker", Search("tanker"), way="email", address="desk@example.com", by="test")
        arrive("Kapal tanker", **FRESH)
        assert tell(writer).delivered == 1
        watches.remove(writer, "Tanker")


def test_taken_down_article_is_not_told(commands, database, watch, arrive, mailbox):
    saved = watch(every="daily")
    arrive("Kapal tanker", url="https://www.example.test/a", **FRESH)
    tell(database)
    assert commands.warta("takedown", "https://www.example.test/a", "--reason", "putusan").code == 0

    tell(database, now=saved.next_at)

    assert mailbox.list == []
    assert watches.find(database, "Tanker").matches == 0


def test_watch_is_managed_by_commands(commands, database, outbound, arrive, mailbox):
    commands.environment |= {"WARTA_HOME": str(outbound.parent), "WARTA_ALLOWED_NETWORKS": "127.0.0.0/8"}
    added = commands.warta("watch", "add", "Tanker", "kapal tanker", "--email", "desk@example.com", "--every", "daily")
    arrive("Kapal tanker", **FRESH)
    said = [
        commands.warta("watch", *given)
        for given in (
            ["tell"], ["test", "Tanker"], ["list"], ["matches", "Tanker"], ["pause", "Tanker"], ["list", "--json"],
            ["resume", "Tanker"], ["feed", "Tanker"], ["log"], ["remove", "Tanker"], ["list"],
        )
    ]  # fmt: skip

    assert "/warta/feeds/watches/" in added.out
    assert [one.code for one in said] == [0] * len(said), "".join(one.err for one in said)
    assert "1 arrivals, 0 messages" in said[0].out
    assert "daily at 07:00 Asia/Jakarta" in said[2].out
    assert "not told yet" in said[3].out
    assert json.loads(said[5].out)[0]["paused_why"].startswith("by ")
    assert "Tanker" not in said[-1].out
    assert commands.warta("watch", "test", "Tanker").last_line.endswith("`warta watch list` shows all")
