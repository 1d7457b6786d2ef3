"""The fault server does what its addresses say; told by raw sockets, which forgive nothing."""

import gzip
import socket
import time
from urllib.parse import urlsplit

import pytest

from tests.fault_server import FAULTS


def ask(faults, target, seconds=10.0):
    """Return all that comes on the wire, and the error that ended it."""
    received = b""
    with socket.create_connection(("127.0.0.1", faults.port), timeout=seconds) as connection:
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: faults.localhost\r\nConnection: close\r\n\r\n".encode())
        try:
            until = time.monotonic() + seconds
            while data := connection.recv(1 << 20):
                received += data
                connection.settimeout(max(until - time.monotonic(), 0.001))
        except OSError as error:
            return received, type(error)
    return received, None


def test_small_outlet_announces_and_serves_its_articles(faults):
    for path in ("/", "/feed", "/sitemap.xml"):
        assert all(article.encode() in ask(faults, path)[0] for article in faults.articles)

    assert all(b"HTTP/1.1 200" in ask(faults, article)[0] for article in faults.articles)
    assert b"HTTP/1.1 404" in ask(faults, "/nowhere")[0]


def test_status_comes_with_the_retry_after_that_the_address_names(faults):
    answer, _ = ask(faults, "/fault/429?after=5")

    assert answer.startswith(b"HTTP/1.1 429")
    assert b"\r\nRetry-After: 5\r\n" in answer


def test_fault_passes_after_so_many_times(faults):
    faults.answers["/robots.txt"] = "/fault/500?times=2"

    answers = [ask(faults, target)[0][9:12] for target in ["/fault/503?times=1"] * 2 + ["/robots.txt"] * 3]

    assert answers == [b"503", b"200", b"500", b"500", b"200"]


def test_each_request_is_remembered_with_its_time(faults):
    ask(faults, "/fault/close")
    time.sleep(0.1)
    ask(faults, "/feed")

    assert faults.paths() == ["/fault/close", "/feed"]
    assert faults.gaps()[0] >= 0.1


@pytest.mark.parametrize(
    ("target", "seen"),
    [
        ("/fault/close", (b"", None)),
        ("/fault/hang", (b"", TimeoutError)),
        ("/fault/reset?after=50", (b"HTTP/1.1 200", ConnectionResetError)),
        ("/fault/stall", (b"HTTP/1.1 200", TimeoutError)),
        ("/fault/drip", (b"HTTP/1.1 200", TimeoutError)),
    ],
)
def test_broken_connections_break_as_they_say(faults, target, seen):
    begins, error = seen

    received, ended_by = ask(faults, target, seconds=0.4)

    assert received.startswith(begins)
    assert bool(received) == bool(begins)
    assert ended_by == error


def test_bodies_are_shorter_than_their_headers_say(faults):
    head, _, body = ask(faults, "/fault/short")[0].partition(b"\r\n\r\n")
    length = int(head.rpartition(b"Content-Length: ")[2].split(b"\r\n")[0])

    assert 0 < len(body) < length
    assert b"Content-Length" not in ask(faults, "/fault/cut")[0]
    assert not ask(faults, "/fault/cut_chunks")[0].endswith(b"0\r\n\r\n")


def test_bomb_is_small_on_the_wire_and_large_when_unpacked(faults):
    body = ask(faults, "/fault/bomb?mb=20")[0].partition(b"\r\n\r\n")[2]

    assert len(body) < 50_000
    assert len(gzip.decompress(body)) == 20 << 20


def test_headers_are_as_large_as_asked_for(faults):
    assert len(ask(faults, "/fault/headers?mb=10")[0]) > 10 << 20
    assert ask(faults, "/fault/headers?n=100000")[0].count(b"\r\n") > 100_000


@pytest.mark.parametrize("name", ["calendar", "maze", "repeat", "query", "sessions"])
def test_trap_leads_to_pages_that_were_never_seen_before(faults, name):
    target = {"query": "/fault/query/berita-warga-desa-baru", "repeat": "/fault/repeat/berita-warga-desa-baru"}.get(
        name, f"/fault/{name}/berita-warga-desa-baru"
    )
    seen = {target}
    for _ in range(5):
        links = ask(faults, target)[0].decode().split('<a href="')[1:]
        target = next(link.split('"')[0] for link in reversed(links) if link.split('"')[0] not in seen)
        seen.add(target)

    assert len(seen) == 6
    assert all(urlsplit(link).path.startswith(f"/fault/{name}") for link in seen)


def test_sitemap_names_as_many_addresses_as_asked_for(faults):
    answer, _ = ask(faults, "/fault/sitemap?n=50000&from=100000")

    assert answer.count(b"<loc>") == 50_000
    assert b"/berita/nomor-149999-" in answer


def test_every_fault_answers_or_breaks_and_none_breaks_the_server(faults):
    for name in FAULTS:
        if name not in ("endless", "bomb", "big", "sitemap"):  # heavy, and tried above
            ask(faults, f"/fault/{name}?s=0.1&ms=1&n=3&mb=1", seconds=0.3)

    assert b"HTTP/1.1 200" in ask(faults, "/")[0]
