"""`warta export --format warc`: the raw pages behind the articles, as a reader that has not written them reads them."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

import pytest
from fastwarc.warc import ArchiveIterator

from scrapers.items import Fetch, PageResult
from scrapers.storage.articles import store
from scrapers.storage.snapshots import read_snapshot
from tests.factories import NOON, URL, article, leased, result
from tests.publish.export.reading import data

REQUEST = b"GET /news/one HTTP/1.1\r\nHost: www.example.test\r\nUser-Agent: warta\r\n\r\n"
RESPONSE = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Encoding: gzip\r\nContent-Length: 7\r\n"
    b"Transfer-Encoding: chunked\r\nServer: caf\xe9\r\n\r\n"
)


def records(folder):
    """Return all records: type, headers, HTTP head and payload; each with a block that has the digest it is said to."""
    return [record for file in data(folder) for record in _records(file)]


def _records(file):
    with file.open("rb") as archive:
        for record in ArchiveIterator(archive, parse_http=False):
            assert record.verify_block_digest()
            if str(record.record_type) in ("response", "request", "revisit"):
                record.parse_http()
            if str(record.record_type) == "response":
                assert record.verify_payload_digest()
            http = record.http_headers
            yield (
                str(record.record_type),
                record.headers.to_dict(),
                (http.status_line, http.to_dict()) if http is not None else None,
                record.reader.read(),
            )


def of_type(found, name):
    return [record for record in found if record[0] == name]


@pytest.fixture
def visited(database, run_id):
    """Return a function that stores what one visit of the article's page gave."""

    def visit(*fetches, **fields):
        [page] = leased(database, run_id, URL)
        given = {"article": article()} | fields
        store(database, run_id, [PageResult(page=page, fetches=fetches, **given)])
        database.execute("UPDATE runs SET started_at = clock_timestamp()")  # so that it may be visited again

    return visit


def fetch(at, body=b"<html>", **fields):
    usual = {"status": 200, "content_type": "text/html", "request_head": REQUEST, "response_head": RESPONSE}
    return Fetch(url=URL, requested_at=NOON + timedelta(hours=at), size=len(body or b""), body=body, **(usual | fields))


def test_archive_has_each_page_with_its_request_and_the_article_that_was_read(visited, exported):
    visited(fetch(0, b"<html>Satu"))

    folder, manifest = exported(format="warc")

    info, response, request, metadata = records(folder)
    assert [one[0] for one in (info, response, request, metadata)] == ["warcinfo", "response", "request", "metadata"]
    assert b"software: Warta/" in info[3]
    assert response[3] == b"<html>Satu"
    assert response[1]["WARC-Target-URI"] == URL
    assert response[1]["WARC-Date"] == "2025-12-15T12:00:00.000000Z"
    assert request[1]["WARC-Concurrent-To"] == response[1]["WARC-Record-ID"]
    assert request[2] == ("GET /news/one HTTP/1.1", {"Host": "www.example.test", "User-Agent": "warta"})
    assert metadata[1]["WARC-Refers-To"] == response[1]["WARC-Record-ID"]
    told = json.loads(metadata[3])
    assert (told["headline"], told["provenance"]) == ("Judul", {"headline": "css:h1"})
    assert manifest["files"][0]["path"] == "data/seed/2025-12.warc.gz"
    assert manifest["request"]["versions"].keys() == {"warta", "pyarrow", "warcio", "zlib"}
    assert json.loads((folder / "croissant.json").read_text())["recordSet"] == []


def test_head_fits_the_unpacked_body_and_tells_how_it_was_sent(visited, exported):
    visited(fetch(0, b"<html>Satu"))

    folder, _ = exported(format="warc")

    [(_, _, (status, head), body)] = of_type(records(folder), "response")
    assert status == "HTTP/1.1 200 OK"
    assert head == {
        "Content-Type": "text/html; charset=utf-8",
        "X-Archive-Orig-Content-Encoding": "gzip",
        "X-Archive-Orig-Content-Length": "7",
        "X-Archive-Orig-Transfer-Encoding": "chunked",
        "Server": "caf%C3%A9",
        "Content-Length": str(len(body)),
    }


def test_same_bytes_again_and_answers_that_say_not_modified_are_revisits(visited, exported):
    visited(fetch(0, b"<html>Satu"))
    visited(fetch(1, b"<html>Satu"))
    visited(
        fetch(2, None, status=304, content_type=None, response_head=None), article=None, state="unchanged", is_same=True
    )
    visited(fetch(3, b"<html>Dua"), article=article(headline="Dua"))

    folder, _ = exported(format="warc")

    first, second = of_type(records(folder), "response")
    same, not_modified = of_type(records(folder), "revisit")
    assert (first[3], second[3]) == (b"<html>Satu", b"<html>Dua")
    for revisit in (same, not_modified):
        assert revisit[1]["WARC-Refers-To"] == first[1]["WARC-Record-ID"]
        assert revisit[1]["WARC-Refers-To-Target-URI"] == URL
        assert revisit[1]["WARC-Refers-To-Date"] == first[1]["WARC-Date"]
        assert revisit[1]["WARC-Payload-Digest"] == first[1]["WARC-Payload-Digest"]
    assert same[1]["WARC-Profile"].endswith("identical-payload-digest")
    assert not_modified[1]["WARC-Profile"].endswith("server-not-modified")
    assert not_modified[2] == ("HTTP/1.1 304 Not Modified", {})


def test_answers_that_came_after_the_moment_are_left_out(visited, exported):
    visited(fetch(0, b"<html>Satu"))
    before, manifest = exported("before", format="warc")
    visited(fetch(1, b"<html>Satu"))
    visited(fetch(2, b"<html>Dua"), article=article(headline="Dua"))

    after, _ = exported("after", format="warc", as_of=_moment(manifest))

    assert [file.read_bytes() for file in data(after)] == [file.read_bytes() for file in data(before)]


def _moment(manifest):
    return datetime.fromisoformat(manifest["request"]["selection"]["as_of"])


def test_document_that_no_server_sent_is_a_resource(visited, exported):
    visited(Fetch(url=URL, requested_at=NOON, robots="not_asked", size=5, body=b"Judul"))

    folder, _ = exported(format="warc")

    [(_, headers, http, body)] = of_type(records(folder), "resource")
    assert (headers["Content-Type"], http, body) == ("text/plain", None, b"Judul")


def test_article_whose_page_is_not_kept_has_its_fields(visited, exported):
    visited(fetch(0, None))

    folder, _ = exported(format="warc")

    assert [record[0] for record in records(folder)] == ["warcinfo", "metadata"]


def test_answer_without_a_kept_head_gets_one_of_what_the_ledger_has(database, run_id, exported):
    [page] = leased(database, run_id, URL)
    one = result(page, article=article())
    store(database, run_id, [replace(one, fetches=(replace(one.fetches[0], content_type="text/html"),))])

    folder, _ = exported(format="warc")

    [(_, _, head, _)] = of_type(records(folder), "response")
    assert head == ("HTTP/1.1 200 OK", {"Content-Type": "text/html", "Content-Length": "6"})
    assert of_type(records(folder), "request") == []


def test_crawled_pages_are_in_the_archive_byte_for_byte(commands, database, tmp_path):
    commands.crawl("seed", "-a", "limit=3")

    said = commands.warta("export", str(tmp_path / "corpus"), "--format", "warc")

    assert said.code == 0, said.err
    responses = of_type(records(tmp_path / "corpus"), "response")
    assert len(responses) == len(of_type(records(tmp_path / "corpus"), "request")) >= 3
    for _, _, (status, head), body in responses:
        assert read_snapshot(database, sha256(body).digest()) == body
        assert (status, head["Content-Length"]) == ("HTTP/1.1 200 OK", str(len(body)))
