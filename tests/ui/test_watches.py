"""The page of watches: what people save, see and stop there."""

import html
import re

import pytest

from scrapers import config
from scrapers.outbound import events, watches
from scrapers.outbound.telling import tell
from scrapers.publish.search import Search
from tests.factories import article

HERE = {"Sec-Fetch-Site": "same-origin"}
HOSTILE = "<script>alert(1)</script>"


def test_search_is_saved_as_a_watch_with_one_button_and_its_feed_shown_once(client, airflow, database):
    found = client.get("/search?q=kapal+tanker&outlet=seed")
    [form] = re.findall(r'<form method="post" action="/warta/watches".*?</form>', found.text, re.DOTALL)
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))

    saved = client.post("/watches", data=fields, headers=HERE)

    [address] = re.findall(
        r"http://testserver/warta/feeds/watches/[\w-]{43}\.atom", re.sub('href="[^"]*"', "", saved.text)
    )
    watch = watches.find(database, "kapal tanker")
    assert (watch.query, watch.outlet, watch.way, watch.created_by) == ("kapal tanker", "seed", "feed", "Siti")
    assert watches.of_feed(database, address.split("/")[-1].removesuffix(".atom")) == watch
    assert address not in client.get("/watches").text


def test_watch_tells_a_webhook_that_the_form_offers(client, airflow, database, tmp_path, monkeypatch):
    monkeypatch.setattr(config, "CONNECTIONS", tmp_path / "connections.json")
    events.add(database, "desk", "https://desk.example/", [], by="test")

    offered = client.get("/watches").text
    client.post("/watches", data={"q": "kapal", "name": "Kapal", "webhook": "desk"}, headers=HERE)

    [watch] = watches.all_watches(database)
    assert '<option value="desk">' in offered
    assert (watch.way, watch.address) == ("webhook", "desk")


def test_watch_is_tested_paused_resumed_and_removed(client, airflow, database):
    client.post("/watches", data={"q": "kapal", "name": "Kapal", "email": "desk@example.com"}, headers=HERE)
    [watch] = watches.all_watches(database)
    state = lambda: [one.paused_why for one in watches.all_watches(database)]  # noqa: E731
    states = []
    for deed in ("test", "pause", "resume", "remove"):
        client.post(f"/watches/{watch.watch_id}/{deed}", headers=HERE)
        states.append(state())

    assert airflow.started == [("tell_watches", {"test": "Kapal"})]
    assert states == [[None], ["by Siti"], [None], []]


def test_page_of_a_watch_shows_its_articles_and_runs_none_of_their_markup(client, database, stored):
    watch, _ = watches.add(database, HOSTILE, Search("kapal"), by="test")
    stored(article(headline=f"{HOSTILE} kapal", article_body=(f"{HOSTILE} kapal",), canonical_url="https://x.test/a"))
    database.execute("DELETE FROM dedup_queue")
    database.execute("UPDATE article_search SET at = now()")
    tell(database)

    shown = client.get(f"/watches/{watch.watch_id}").text

    assert html.escape(f"{HOSTILE} kapal") in shown
    assert HOSTILE not in shown + client.get("/watches").text
    assert "<mark>kapal</mark>" in shown


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"q": "-kapal"}, "nothing to look for"),
        ({"q": "kapal", "email": "x"}, "no e-mail address"),
        ({"q": "kapal", "webhook": "https://a.example"}, "no connection&#39;s name"),
        ({"q": "kapal", "email": "desk@example.com", "webhook": "desk"}, "save two watches"),
    ],
    ids=["no word", "no mailbox", "no webhook", "two ways"],
)
def test_watch_that_cannot_be_saved_is_told_in_one_line(client, form, told):
    answer = client.post("/watches", data=form, headers=HERE)

    assert answer.status_code == 400
    assert told in answer.text


def test_who_may_not_start_the_dag_reads_watches_and_changes_none(client, airflow, database):
    watch, _ = watches.add(database, "Kapal", Search("kapal"), way="email", address="desk@example.com", by="test")
    airflow.may = False

    listed = client.get("/watches").text
    refused = [
        client.post("/watches", data={"q": "kapal"}, headers=HERE),
        client.post(f"/watches/{watch.watch_id}/remove", headers=HERE),
    ]
    elsewhere = client.post(f"/watches/{watch.watch_id}/remove", headers={"Sec-Fetch-Site": "cross-site"})

    assert "Kapal" in listed
    assert "desk@example.com" not in listed
    assert [answer.status_code for answer in [*refused, elsewhere]] == [403, 403, 403]
    assert len(watches.all_watches(database)) == 1
