"""`warta snapshot`: the page's bytes, headers and charset back, as they were at any time."""

import json
from datetime import UTC, datetime

import pytest

from tests.fault_server import Answer, article

TARGET = "/berita/nomor-1-warga-desa-membangun-jembatan"


@pytest.fixture
def crawled(crawl_faults, faults):
    """Return the address of a page that was fetched twice, the time between, and what came first and last."""
    first, last = article(1).encode("latin-1"), article(1).replace("jembatan", "titian é").encode("latin-1")
    headers = {"Content-Type": "text/html; charset=latin-1", "X-Versi": "satu"}
    faults.answers[TARGET] = Answer(first.decode("latin-1"), headers=headers)
    crawl_faults(TARGET)
    between = datetime.now(UTC)
    faults.answers[TARGET] = Answer(last, headers=headers)
    crawl_faults(TARGET)
    return faults.url(TARGET), between, first, last


def test_snapshot_gives_the_bytes_of_the_newest_answer_or_of_any_time(commands, crawled, tmp_path):
    url, between, first, last = crawled
    newest, earlier = tmp_path / "newest.html", tmp_path / "earlier.html"

    commands.warta("snapshot", f"{url}?utm_source=x", "-o", str(newest))
    commands.warta("snapshot", url, "--at", between.isoformat(), "-o", str(earlier))
    printed = commands.warta("snapshot", url, "--at", between.isoformat()).out

    assert newest.read_bytes() == last
    assert earlier.read_bytes() == first
    assert printed.encode() == first


def test_snapshot_gives_headers_and_charset(commands, crawled):
    url, *_, last = crawled

    headers = commands.warta("snapshot", url, "--headers").out
    facts = json.loads(commands.warta("snapshot", url, "--json").out)

    assert headers.startswith("HTTP/1.1 200 OK\n")
    assert "X-Versi: satu" in headers
    assert (facts["encoding"], facts["bytes"], facts["status"]) == ("windows-1252", len(last), 200)


@pytest.mark.parametrize(("url", "at", "said"), [
    ("https://www.example.test/nowhere", "2030-01-01", "no snapshot of https://www.example.test/nowhere is kept"),
    (None, "2020-01-01", "is as old as that; the first one is of 20"),
], ids=["unknown", "too early"])  # fmt: skip
def test_snapshot_that_is_not_kept_is_said_in_one_line(commands, crawled, url, at, said):
    result = commands.warta("snapshot", url or crawled[0], "--at", at)

    assert (result.code, len(result.err.splitlines())) == (2, 1)
    assert said in result.err
