"""`warta ingest` of web archives: pages that others captured become articles, as of their captures."""

import gzip
import io
from datetime import UTC, datetime

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scrapers.items import Link
from scrapers.maintenance.ingest_archives import ingest_archives
from scrapers.maintenance.takedowns import take_down
from scrapers.publish.export.export import export
from scrapers.publish.export.selection import Selection
from scrapers.spiders.kompas import KompasSpider
from scrapers.storage.connection import connect
from scrapers.storage.ledger import discover
from scrapers.storage.snapshots import unpack
from tests.fault_server import article as page_of
from tests.fault_server import page as other_page

HTML = ("Content-Type", "text/html; charset=utf-8")


def url(number, site="https://www.kompas.com"):
    return f"{site}/read/2019/06/15/{number:08}/warga-desa-membangun"


def capture(number, at=1, body=None, *, address=None, headers=(HTML,), status="200 OK", kind="response"):
    """Return what archive() writes: an article's page as it was captured on a day of June 2019."""
    body = page_of(number).encode() if body is None else body
    return address or url(number), f"2019-06-{at:02}T10:00:00Z", status, list(headers), body, kind


def archive(path, *captures, is_packed=True, requests=()):
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=is_packed)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "another crawler"}))
        for address, date, status, headers, body, kind in captures:
            head = StatusAndHeaders(status, headers, protocol="HTTP/1.1")
            about = {"WARC-Date": date}
            record = writer.create_warc_record(
                address, kind, io.BytesIO(body), http_headers=head, warc_headers_dict=about
            )
            for lines in requests:
                asked = StatusAndHeaders("GET /x HTTP/1.1", list(lines), is_http_request=True)
                writer.write_record(
                    writer.create_warc_record(address, "request", http_headers=asked, warc_headers_dict=about)
                )
            writer.write_record(record)
    return path


@pytest.fixture
def ingested(database):
    """Return a function that ingests archives and returns how many captures had which outcome."""

    def ingest(*paths, outlet=None):
        report = ingest_archives(database, paths, outlet, processes=1)
        assert report.faults == []
        return dict(report.captures)

    return ingest


def headlines(database):
    return [row[0] for row in database.execute("SELECT headline FROM articles ORDER BY article_id")]


def everything(database):
    """Return all rows but those of runs: each ingest has its own."""
    tables = [
        row[0]
        for row in database.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'runs'"
        )
    ]
    return {table: database.execute(f"SELECT * FROM {table} AS t ORDER BY t::text").fetchall() for table in tables}


def test_archived_pages_become_articles_of_their_outlets(commands, database, tmp_path):
    file = archive(
        tmp_path / "news.warc.gz",
        capture(1),
        capture(2, address="https://elsewhere.example/2019/06/15/x"),
        capture(3, address="https://www.kompas.com/"),
        capture(4, status="404 Not Found"),
        capture(5, body=b"%PDF", headers=[("Content-Type", "application/pdf")]),
    )

    said = commands.warta("ingest", str(file))

    assert said.code == 0, said.err
    assert [line.split(maxsplit=1) for line in said.out.splitlines()] == [
        ["2", "skipped: no HTML with status 200"],
        ["1", "skipped: no article's address"],
        ["1", "skipped: not of a declared outlet"],
        ["1", "stored"],
    ]
    assert headlines(database) == ["Warga Desa Membangun Jembatan 1"]
    assert database.execute("SELECT outlet, url FROM pages").fetchall() == [("kompas", url(1))]


def test_log_names_the_archive_and_the_time_of_the_capture(database, ingested, tmp_path):
    headers = [("User-Agent", "another/1.0"), ("Cookie", "id=7"), ("Host", "www.kompas.com")]
    ingested(archive(tmp_path / "news.warc.gz", capture(1), requests=[headers]))

    [(source, requested_at, robots, outcome, status)] = database.execute(
        "SELECT source, requested_at, robots, outcome, status FROM fetches"
    ).fetchall()

    name, _, offset = source.rpartition(":")
    assert (name, int(offset) > 0) == ("news.warc.gz", True)
    assert requested_at == datetime(2019, 6, 1, 10, tzinfo=UTC)
    assert (robots, outcome, status) == ("not_asked", "answered", 200)
    assert database.execute("SELECT kind, outcome FROM runs").fetchall() == [("ingest", "succeeded")]
    assert database.execute("SELECT last_fetched_at FROM pages").fetchone() == (requested_at,)


def test_cookies_of_others_are_not_kept(database, ingested, tmp_path):
    headers = [("User-Agent", "another/1.0"), ("Cookie", "id=7"), ("Host", "www.kompas.com")]
    answer = capture(1, headers=[HTML, ("Set-Cookie", "id=7"), ("Server", "x")])
    ingested(archive(tmp_path / "news.warc.gz", answer, requests=[headers]))

    heads = [
        unpack(head) for head in database.execute("SELECT request_headers, response_headers FROM fetches").fetchone()
    ]

    path = url(1).removeprefix("https://www.kompas.com").encode()
    assert heads[0] == b"GET " + path + b" HTTP/1.1\r\nHost: www.kompas.com\r\nUser-Agent: another/1.0\r\n\r\n"
    assert heads[1] == b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nServer: x\r\n\r\n"


def test_same_archive_again_changes_nothing(database, ingested, tmp_path):
    file = archive(tmp_path / "news.warc.gz", capture(1), capture(2, body=other_page("Beranda").encode()))
    first = ingested(file)
    before = everything(database)

    assert ingested(file) == {"unchanged: stored before": 2}
    assert first == {"stored": 1, "rejected: not_an_article": 1}
    assert everything(database) == before


def test_captures_of_a_page_are_its_revisions_in_the_order_of_their_dates(database, ingested, tmp_path):
    edited = (
        page_of(1).replace("</article>", "<p>Ralat: warga membangun dua jembatan sekaligus.</p></article>").encode()
    )

    counts = ingested(archive(tmp_path / "news.warc.gz", capture(1, at=9, body=edited), capture(1, at=2)))

    assert counts == {"stored": 2}
    [(revision, body)] = database.execute("SELECT revision, article_body FROM articles").fetchall()
    assert (revision, body[-1]) == (2, "Ralat: warga membangun dua jembatan sekaligus.")


def test_older_capture_than_what_is_stored_is_left_alone(database, ingested, tmp_path):
    ingested(archive(tmp_path / "new.warc.gz", capture(1, at=9)))
    before = everything(database)

    counts = ingested(archive(tmp_path / "old.warc.gz", capture(1, at=2, body=page_of(7).encode())))

    assert counts == {"unchanged: older than what is stored": 1}
    assert everything(database) == before


def test_page_that_waits_for_a_crawl_goes_on_waiting_where_the_archive_has_no_article_of_it(
    database, run_id, ingested, tmp_path
):
    discover(database, run_id, "kompas", [Link(url=url(1))])

    ingested(archive(tmp_path / "news.warc.gz", capture(1, body=other_page("Beranda").encode())))

    [(state, reason, is_due)] = database.execute("SELECT state, reason, deferred_until <= now() FROM pages").fetchall()
    assert (state, reason, is_due) == ("deferred", "in an archive: not_an_article", True)


def test_any_site_is_ingested_under_its_domain(database, ingested, tmp_path):
    address = "https://kabar.example/2019/06/15/warga-desa-membangun-jembatan"
    file = archive(tmp_path / "news.warc.gz", capture(1, address=address), capture(2))

    counts = ingested(file, outlet="kabar.example")

    assert counts == {"stored": 1, "skipped: not of kabar.example": 1}
    assert database.execute("SELECT outlet FROM articles").fetchone() == ("kabar.example",)


def test_opt_outs_are_honoured_as_in_a_crawl(database, ingested, tmp_path, monkeypatch):
    monkeypatch.setattr(KompasSpider, "honoured_opt_outs", ("noarchive", "noai"))
    noarchive, noai = (capture(n, headers=[HTML, ("X-Robots-Tag", n_)]) for n, n_ in ((1, "noarchive"), (2, "noai")))

    counts = ingested(archive(tmp_path / "news.warc.gz", noarchive, noai))

    assert counts == {"stored": 1, "rejected: opted_out: noai": 1}
    assert database.execute("SELECT opt_outs, snapshot_sha256 FROM fetches ORDER BY url").fetchall() == [
        (["noarchive"], None),
        (["noai"], None),
    ]


def test_article_that_was_taken_down_does_not_come_back_from_an_archive(database, ingested, tmp_path):
    ingested(archive(tmp_path / "one.warc.gz", capture(1)))
    take_down(database, url(1), reason="court", requested_by="desk")

    counts = ingested(archive(tmp_path / "two.warc.gz", capture(1, at=9), capture(2, at=9)))

    assert counts == {"skipped: a crawl has the page, or it was taken down": 1, "stored": 1}
    assert headlines(database) == ["Warga Desa Membangun Jembatan 2"]


@pytest.mark.parametrize("coding", ["gzip", "x-crawl", "chunked", "lie"])
def test_body_is_read_however_it_was_sent(database, ingested, tmp_path, coding):
    body = page_of(1).encode()
    sent = {
        "gzip": (gzip.compress(body), [("Content-Encoding", "gzip")]),
        "x-crawl": (body, [("X-Crawl-Content-Encoding", "gzip"), ("Content-Length", str(len(body)))]),
        "chunked": (b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body), [("Transfer-Encoding", "chunked")]),
        "lie": (body, [("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")]),
    }
    packed, headers = sent[coding]

    assert ingested(archive(tmp_path / "a.warc.gz", capture(1, body=packed, headers=[HTML, *headers]))) == {"stored": 1}
    assert database.execute("SELECT bytes FROM snapshots").fetchone() == (len(body),)


def test_what_can_not_be_unpacked_or_is_too_long_costs_only_itself(database, ingested, tmp_path, monkeypatch):
    monkeypatch.setattr("scrapers.maintenance.web_archive.DOWNLOAD_MAXSIZE", 100_000)
    gz = [HTML, ("Content-Encoding", "gzip")]
    file = archive(
        tmp_path / "news.warc.gz",
        capture(1, body=gzip.compress(page_of(1).encode())[:-9], headers=gz),
        capture(2, body=gzip.compress(bytes(1_000_000)), headers=gz),
        capture(3, body=b"<html>" + bytes(1_000_000)),
        capture(4, headers=[HTML, ("Content-Encoding", "sixbit")], body=b"xyz"),
        capture(5),
    )

    assert ingested(file) == {"skipped: body that can't be unpacked": 3, "skipped: too large": 1, "stored": 1}


@pytest.mark.parametrize("form", ["plain", "packed as a whole"])
def test_archive_that_is_not_compressed_by_record_is_read_too(ingested, tmp_path, form):
    plain = archive(tmp_path / "news.warc", capture(1), capture(2), is_packed=False)
    packed = tmp_path / "news.warc.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))

    assert ingested(plain if form == "plain" else packed) == {"stored": 2}


@pytest.mark.parametrize("is_packed", [True, False])
def test_of_an_archive_that_is_cut_what_was_whole_is_stored(commands, database, tmp_path, is_packed):
    file = archive(tmp_path / "news.warc", capture(1), capture(2), capture(3), is_packed=is_packed)
    file.write_bytes(file.read_bytes()[:-300])

    said = commands.warta("ingest", str(file))

    assert said.code == 9
    assert "news.warc is cut or damaged at byte " in said.err
    assert len(said.err.strip().split("\n")) == 1
    assert headlines(database) == ["Warga Desa Membangun Jembatan 1", "Warga Desa Membangun Jembatan 2"]
    assert database.execute("SELECT outcome FROM runs").fetchall() == [("failed",)]


def test_damaged_archive_keeps_neither_what_stands_before_nor_other_archives_from_being_stored(database, tmp_path):
    damaged = archive(tmp_path / "a.warc.gz", capture(1), capture(2, body=page_of(2).encode() * 50))
    content = bytearray(damaged.read_bytes())
    content[len(content) * 3 // 4] ^= 0xFF
    damaged.write_bytes(content)

    report = ingest_archives(database, [damaged, archive(tmp_path / "b.warc.gz", capture(3))], processes=1)

    assert report.captures == {"stored": 2}
    assert [str(fault).partition(" at byte")[0] for fault in report.faults] == [f"{damaged} is cut or damaged"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.warc.gz", b"hello world\n" * 99, "is no web archive (WARC) that can be read: Invalid WARC header"),
        ("a.warc.gz", gzip.compress(b"hello world\n" * 99), "is no web archive (WARC) that can be read"),
        ("a.warc", b"", "is no web archive: it holds no record"),
        ("a.warc", None, "a.warc is no web archive (WARC) that can be read: No such file or directory"),
    ],
    ids=["text", "packed text", "empty", "missing"],
)
def test_what_is_no_archive_is_said_in_one_line(commands, tmp_path, name, content, said):
    if content is not None:
        (tmp_path / name).write_bytes(content)

    result = commands.warta("ingest", str(tmp_path / name))

    assert result.code == 2
    assert said in result.err
    assert len(result.err.strip().split("\n")) == 1


def test_exported_archive_gives_the_same_articles_and_pages_in_another_database(
    database, ingested, cluster, dsn, tmp_path
):
    ingested(
        archive(tmp_path / "a.warc.gz", capture(1), capture(1, at=3), capture(2, at=4), requests=[[("Accept", "*/*")]])
    )
    export(tmp_path / "corpus", Selection(), "warc", dsn=dsn)
    cluster.create_database("elsewhere", template="migrated")

    with connect(cluster.dsn("elsewhere")) as other:
        ingest_archives(other, sorted((tmp_path / "corpus").rglob("*.warc.gz")), processes=1)

        same = "SELECT url, headline, article_body, date_published FROM articles ORDER BY url"
        kept = "SELECT url, requested_at, encode(snapshot_sha256, 'hex'), request_headers FROM fetches ORDER BY 1, 2"
        assert other.execute(same).fetchall() == database.execute(same).fetchall()
        assert other.execute(kept).fetchall() == [
            row for row in database.execute(kept).fetchall() if row[1] != datetime(2019, 6, 3, 10, tzinfo=UTC)
        ]


def test_long_record_is_passed_over_in_little_memory(commands, tmp_path):
    file = tmp_path / "long.warc.gz"
    length = 1 << 30
    with gzip.GzipFile(file, "wb", compresslevel=1) as packed:
        packed.write(
            b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
            b"WARC-Date: 2019-06-01T00:00:00Z\r\nWARC-Target-URI: %s\r\nContent-Length: %d\r\n\r\n"
            % (url(1).encode(), length)
        )
        for _ in range(length >> 20):
            packed.write(bytes(1 << 20))
        packed.write(b"\r\n\r\n")
    with file.open("ab") as longer:
        longer.write(archive(tmp_path / "b.warc.gz", capture(2)).read_bytes())
    measured = (
        "import resource, sys; from scrapers.cli.commands import app; from typer.testing import CliRunner;"
        f"found = CliRunner().invoke(app, ['ingest', {str(file)!r}]);"
        "print(found.output); print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )

    out, err = commands.start_script(measured).communicate(timeout=120)

    *counts, peak = out.split("\n")[:-1]
    assert [line.split(maxsplit=1) for line in counts if line] == [["1", "skipped: too large"], ["1", "stored"]], err
    assert int(peak) < 400_000
