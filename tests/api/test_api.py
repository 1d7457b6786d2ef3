"""The JSON API, as programs get it."""

import json
import threading
import time
from datetime import UTC, datetime, timedelta

import anyio
import pytest
from starlette.testclient import TestClient

from scrapers.api import tokens
from scrapers.api.database import pool, reading

READS = ["/api/v1/search?q=kapal", "/api/v1/articles/1", "/api/v1/edits", "/api/v1/outlets"]


@pytest.fixture
def corpus(arrive, edited_and_copied):
    """Return the ids of an edited article and its copy, after three others."""
    for number in range(3):
        arrive(f"Harga beras {number}", "Harga naik.")
    return edited_and_copied()


def test_search_is_paged_by_cursor_and_gives_each_article_once(client, corpus):
    seen, given = [], {"q": "harga", "limit": 2}
    while "cursor" not in given or given["cursor"]:
        page = client.get("/api/v1/search", params=given).json()
        seen += [hit["headline"] for hit in page["items"]]
        given["cursor"] = page["next_cursor"]

    assert sorted(seen) == ["Harga beras 0", "Harga beras 1", "Harga beras 2"]


def test_article_its_revisions_and_copies_are_read(client, corpus):
    first, copy = corpus

    article = client.get(f"/api/v1/articles/{first}").json()
    changes = client.get(f"/api/v1/articles/{first}/revisions").json()
    copies = client.get(f"/api/v1/articles/{copy}/copies").json()

    assert (article["headline"], article["revision"]) == ("Kapal tanker disita", 2)
    assert article["article_body"] == ["Kapal itu disita di Batam."]
    assert ["added", "disita"] in changes["items"][0]["fields"]["headline"]
    assert [member["article_id"] for member in copies["items"]] == [first, copy]
    assert copies["items"][1]["kind"] == "edited"


def test_edits_are_paged_and_those_of_one_moment_stay_together(client, database, arrive):
    for number in range(5):
        for text in ("Satu kalimat.", "Dua kalimat lain di sini."):
            arrive("Judul", text, url=f"https://www.example.test/{number}")
    at = datetime(2026, 1, 1, tzinfo=UTC)
    for number, hour in ((1, 1), (2, 1), (3, 2), (4, 3), (5, 4)):
        database.execute(
            "UPDATE revision_edits SET at = %s WHERE article_id = %s", [at + timedelta(hours=hour), number]
        )
    pages, cursor = [], None
    while cursor or not pages:
        page = client.get("/api/v1/edits", params={"limit": 3} | ({"cursor": cursor} if cursor else {})).json()
        pages.append([edit["article_id"] for edit in page["items"]])
        cursor = page["next_cursor"]

    assert [sorted(page) for page in pages] == [[3, 4, 5], [1, 2]]


def test_outlets_are_listed_with_their_zone(client):
    outlets = {outlet["name"]: outlet for outlet in client.get("/api/v1/outlets").json()["items"]}

    assert outlets["kompas"]["time_zone"] == "Asia/Jakarta"
    assert outlets["kompas"]["new"] == 0


def test_nothing_is_read_without_a_token_and_feeds_alone_with_one_for_feeds(anonymous, airflow, database, client):
    feeds = tokens.add(database, "reader", "feeds", by="test")
    old = tokens.add(database, "old", "read", by="test", expires_at=datetime.now(UTC) - timedelta(days=1))
    with_feeds = TestClient(airflow, base_url="http://testserver/warta", headers={"Authorization": f"Bearer {feeds}"})

    for path in READS:
        refused = anonymous.get(path)
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer"), path
        assert with_feeds.get(path).status_code == 403, path
        for bad in (old, "warta_wrong", "\u00ff"):
            answer = anonymous.get(path, headers={"Authorization": f"Bearer {bad}".encode("latin-1")})
            assert answer.status_code == 401, path
    assert with_feeds.get("/feeds/edits.atom").status_code == 200
    assert anonymous.get(f"/feeds/edits.atom?token={feeds}").status_code == 200
    assert anonymous.get("/feeds/edits.atom").status_code == 401
    tokens.end(database, "notebook")
    assert client.get("/api/v1/outlets").status_code == 401


def test_airflows_own_users_pass_where_they_have_no_token_of_ours(airflow, anonymous, monkeypatch):
    asked = []

    async def admit(request):
        asked.append(request.headers.get("authorization"))

    for mount in airflow.routes:
        if hasattr(mount, "app") and hasattr(mount.app, "state"):
            mount.app.state.admit = admit

    assert anonymous.get("/api/v1/outlets", headers={"Authorization": "Bearer eyJ"}).status_code == 200
    assert asked == ["Bearer eyJ"]


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        ("/api/v1/search?q=kapal&cursor=wrong", 400, "no place to go on from"),
        ("/api/v1/edits?cursor=wrong", 400, "no place to go on from"),
        ("/api/v1/search?q=-kapal", 400, "nothing to look for"),
        ("/api/v1/search", 400, "q: Field required"),
        ("/api/v1/search?q=" + 60_000 * "a", 400, "q: String should have at most 1000 characters"),
        ("/api/v1/search?q=kapal&outlet=nobody", 400, "no outlet"),
        ("/api/v1/search?q=kapal&limit=1000", 400, "limit"),
        ("/api/v1/search?q=a%00b", 400, "characters"),
        ("/api/v1/articles/999", 404, "no article has the number 999"),
        ("/api/v1/articles/x", 400, "article_id"),
        ("/api/v1/articles/999/copies", 404, "no article"),
        ("/api/v1/edits?outlet=a%00b", 400, "no text"),
        ("/api/v2/search?q=kapal", 404, "Not Found"),
        ("/feeds/outlets/nobody.atom", 404, "no outlet"),
        ("/feeds/watches/wrong.atom", 404, "no watch has a feed"),
        ("/feeds/edits.rss", 400, "form"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else None,
)
def test_error_is_one_line_of_json(client, path, status, detail):
    answer = client.get(path)

    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert detail in answer.json()["detail"]
    assert len(answer.text) < 1000
    assert "\n" not in answer.json()["detail"]


def test_database_that_is_away_is_told_and_no_password_with_it(client, monkeypatch):
    monkeypatch.setattr("scrapers.api.database.WAIT_S", 0.2)
    monkeypatch.setenv("WARTA_DSN", "host=127.0.0.1 port=1 dbname=warta user=warta password=its-password")

    answer = client.get("/api/v1/outlets")
    pool("host=127.0.0.1 port=1 dbname=warta user=warta password=its-password").close(0)

    assert answer.status_code == 503
    assert "its-password" not in answer.text


def test_query_of_100_kb_is_refused_in_one_line(airflow, token):
    """The client of the tests takes no address of that length, a server does."""
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http", "method": "GET", "path": "/warta/api/v1/search", "query_string": b"q=" + 100_000 * b"a",
        "headers": [(b"authorization", f"Bearer {token}".encode())], "root_path": "", "server": ("testserver", 80),
    }  # fmt: skip
    anyio.run(airflow, scope, receive, send)

    assert sent[0]["status"] == 400
    assert len(sent[1]["body"]) < 300
    assert json.loads(sent[1]["body"])["detail"] == "q: String should have at most 1000 characters"


def test_reads_as_the_reader_and_leaves_few_connections(client, database, dsn, corpus):
    for _ in range(20):
        assert client.get("/api/v1/search?q=kapal").status_code == 200

    mine = "application_name = 'warta-api' AND datname = current_database()"
    [(number,)] = database.execute(f"SELECT count(*) FROM pg_stat_activity WHERE {mine}").fetchall()
    with pool(dsn).connection() as connection:
        role = connection.execute("SELECT current_user, current_setting('transaction_read_only')").fetchone()
    assert 1 <= number <= 8
    assert role == ("warta_reader", "on")


def test_idle_connections_are_closed(airflow, database, monkeypatch):
    def ask():
        with reading() as connection:
            connection.execute("SELECT pg_sleep(0.1)")

    monkeypatch.setattr("scrapers.api.database.IDLE_S", 0.1)
    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    mine = "application_name = 'warta-api' AND datname = current_database()"

    deadline = time.monotonic() + 10
    while database.execute(f"SELECT count(*) FROM pg_stat_activity WHERE {mine}").fetchone() != (0,):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_what_it_can_do_stands_in_its_openapi_document(client):
    document = client.get("/api/v1/openapi.json").json()

    assert sorted(document["paths"]) == [
        "/v1/articles/{article_id}", "/v1/articles/{article_id}/copies", "/v1/articles/{article_id}/revisions",
        "/v1/edits", "/v1/outlets", "/v1/search",
    ]  # fmt: skip
    assert all("summary" in path["get"] for path in document["paths"].values())
