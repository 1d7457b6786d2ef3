"""Discovery: how fast a large site's sitemaps go into the ledger, in how much memory, and what a second look costs.

    python -m benchmarks.discovery [PAGES]

A web server in a process of its own serves PAGES addresses (100,000) in gzipped sitemaps of 50,000, with an index. A
crawl reads them all into a Postgres of its own and fetches one page; a second crawl of the same site finds nothing new.
"""

import argparse
import gzip
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import linear_regression
from typing import Any
from urllib.request import urlopen

import psutil
import psycopg
from rich.console import Console
from rich.table import Table
from scrapy.crawler import CrawlerProcess
from scrapy.utils.project import get_project_settings

from benchmarks.postgres import empty_database
from scrapers.config import ROOT
from scrapers.discovery.feeds import Sitemap
from scrapers.local.postgres import Cluster
from scrapers.spiders.base import NewsSpider
from scrapers.storage.connection import connect

PAGES = 100_000
A_SITEMAP = 50_000  # addresses; the protocol's limit
HOST = "www.big.localhost"
SAMPLE_S = 0.2
XMLNS = "http://www.sitemaps.org/schemas/sitemap/0.9"


@cache
def sitemap(number: int, pages: int) -> bytes:
    """Return the sitemap of this number, gzipped."""
    numbers = range(number * A_SITEMAP, min((number + 1) * A_SITEMAP, pages))
    urls = "\n".join(
        f"<url><loc>http://{{host}}/news/nasional/{md5(b'%d' % n).hexdigest()}-judul-berita-nomor-{n}</loc>"  # noqa: S324 - an address that doesn't compress away
        f"<lastmod>2026-{n % 12 + 1:02}-{n % 28 + 1:02}T08:00:00+07:00</lastmod></url>"
        for n in numbers
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{XMLNS}">\n{urls}\n</urlset>\n'.encode()


class _Handler(BaseHTTPRequestHandler):
    """Sitemaps, their index and the pages that they name; all with an ETag."""

    protocol_version = "HTTP/1.1"
    pages = PAGES
    sent = 0
    requests = 0

    def do_GET(self) -> None:
        """Answer a request."""
        if self.path == "/sent":
            self._send(json.dumps({"bytes": _Handler.sent, "requests": _Handler.requests}).encode(), counted=False)
            return
        if self.path.startswith(("/sitemap", "/robots.txt")) or "-judul-berita-nomor-" in self.path:
            self._send(self._body())
        else:
            self.send_error(404)

    def _body(self) -> bytes:
        sitemaps = -(-self.pages // A_SITEMAP)
        if self.path == "/sitemap.xml":
            entries = "".join(
                f"<sitemap><loc>http://{self._host()}/sitemap-{n}.xml.gz</loc><lastmod>2026-03-08</lastmod></sitemap>"
                for n in range(sitemaps)
            )
            return f'<sitemapindex xmlns="{XMLNS}">{entries}</sitemapindex>'.encode()
        if self.path.startswith("/sitemap-"):
            return _packed(int(self.path.removeprefix("/sitemap-").removesuffix(".xml.gz")), self.pages, self._host())
        if self.path == "/robots.txt":
            return b"User-agent: *\nDisallow:\n"
        return b"<!DOCTYPE html><html><head><title>Judul</title></head><body><h1>Judul</h1><p>Isi.</p></body></html>"

    def _host(self) -> str:
        return self.headers.get("Host", HOST)

    def _send(self, body: bytes, *, counted: bool = True) -> None:
        etag = f'"{md5(body).hexdigest()}"'  # noqa: S324 - no secret
        known = self.headers.get("If-None-Match") == etag
        self.send_response(304 if known else 200)
        self.send_header("ETag", etag)
        if not known:
            self.send_header("Content-Type", "application/gzip" if body.startswith(b"\x1f\x8b") else "text/html")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if counted:
            _Handler.requests += 1
            _Handler.sent += 0 if known else len(body)
        if not known:
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@cache
def _packed(number: int, pages: int, host: str) -> bytes:
    return gzip.compress(sitemap(number, pages).replace(b"{host}", host.encode()), mtime=0)


def serve(pages: int) -> None:
    """Serve the site on a free port, which is printed, until standard input ends."""
    _Handler.pages = pages
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    for number in range(-(-pages // A_SITEMAP)):
        _packed(number, pages, f"{HOST}:{server.server_port}")  # made before anybody measures
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    sys.stdin.read()


def crawl(site: str) -> None:
    """Crawl the site as an outlet would be, but for one page only."""

    class BigSpider(NewsSpider):
        name = "big"
        publisher = "Big"
        hosts = (HOST,)
        feeds = (Sitemap(f"{site}/sitemap.xml"),)
        article_urls = r"/news/.+"
        allowed_networks = ("127.0.0.0/8",)
        custom_settings = {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False, "LOG_LEVEL": "WARNING"}  # noqa: RUF012 - Scrapy declares it so

    BigSpider.site = site
    process = CrawlerProcess(get_project_settings())
    process.crawl(BigSpider, limit="1")
    process.start()


@dataclass(frozen=True, slots=True)
class Look:
    """One crawl: seconds until all was discovered and until its end, memory, and what the site sent."""

    new: int
    seconds: float
    in_all: float
    cpu: float
    postgres_cpu: float
    peak_mb: float
    slope_mb: float
    requests: int
    bytes: int


def look(site: str, cluster: Cluster) -> Look:
    """Crawl once, in a process of its own, and return what it took; the slope is in MB for 100,000 addresses."""
    before = _sent(site)
    begun = time.monotonic()
    samples: list[tuple[int, float]] = []
    cpu = 0.0
    postgres = cluster.process()
    idle = _backends(postgres)
    backends: dict[int, float] = {}
    dsn = cluster.dsn()
    with connect(dsn) as connection, _process("crawl", site, env={**os.environ, "WARTA_DSN": dsn}) as process:
        known = _count(connection)
        watched = psutil.Process(process.pid)
        while process.poll() is None:
            try:
                rss, times = watched.memory_info().rss / 2**20, watched.cpu_times()
            except psutil.Error:
                break
            samples.append((_discovered(connection), rss))
            cpu = times.user + times.system
            backends |= _backends(postgres)
            time.sleep(SAMPLE_S)
        if process.wait():
            raise SystemExit("the crawl failed; its log is above")
        in_all = time.monotonic() - begun
        seconds = connection.execute(
            "SELECT extract(epoch FROM max(discovered_at) - max(started_at)) FROM runs LEFT JOIN pages USING (run_id) "
            "WHERE started_at = (SELECT max(started_at) FROM runs)"
        ).fetchone()
        new = _count(connection) - known
    after = _sent(site)
    return Look(
        new=new,
        seconds=float(seconds[0] or 0) if seconds else 0.0,
        in_all=in_all,
        cpu=cpu,
        postgres_cpu=sum(seconds - idle.get(pid, 0.0) for pid, seconds in backends.items()),
        peak_mb=max(rss for _, rss in samples),
        slope_mb=_slope(samples, new) * 100_000,
        requests=after["requests"] - before["requests"],
        bytes=after["bytes"] - before["bytes"],
    )


def _backends(server: psutil.Process | None) -> dict[int, float]:
    """Return the seconds of CPU that each of Postgres' processes has taken since it was started."""
    seconds = {}
    for process in server.children() if server else ():
        with suppress(psutil.Error):
            times = process.cpu_times()
            seconds[process.pid] = times.user + times.system
    return seconds


def _slope(samples: list[tuple[int, float]], new: int) -> float:
    """Return MB an address, from the first fifth on: what comes before is the start of the process."""
    under_way = [(pages, rss) for pages, rss in samples if new / 5 <= pages < new]
    if len({pages for pages, _ in under_way}) < 2:
        return 0.0
    return linear_regression(*zip(*under_way, strict=True)).slope


def _discovered(connection: psycopg.Connection) -> int:
    row = connection.execute("SELECT discovered FROM runs ORDER BY started_at DESC LIMIT 1").fetchone()
    return row[0] if row else 0


def _count(connection: psycopg.Connection) -> int:
    row = connection.execute("SELECT count(*) FROM pages").fetchone()
    return row[0] if row else 0


def _sent(site: str) -> dict[str, int]:
    with urlopen(f"http://127.0.0.1:{site.rpartition(':')[2]}/sent") as answer:
        return dict(json.load(answer))


@contextmanager
def _process(*arguments: str, env: dict[str, str] | None = None) -> "Iterator[subprocess.Popen[str]]":
    command = [sys.executable, "-m", "benchmarks.discovery", *arguments]
    with subprocess.Popen(
        command, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()


def main(pages: int = PAGES) -> None:
    """Print the table."""
    with empty_database() as (cluster, connection), _process("serve", str(pages)) as server:
        assert server.stdout is not None  # noqa: S101 - asked for above
        site = f"http://{HOST}:{server.stdout.readline().strip()}"
        first, second = look(site, cluster), look(site, cluster)
        unbalanced = connection.execute("SELECT count(*) FROM run_balance WHERE NOT balanced").fetchone()
    table = Table("", "first crawl", "second crawl", title=f"{pages:,} pages in sitemaps of {A_SITEMAP:,}")
    for name, values in {
        "new in the ledger": [f"{one.new:,}" for one in (first, second)],
        "seconds until all was discovered": [f"{first.seconds:.1f}", "–"],
        "addresses a second": [f"{first.new / first.seconds:,.0f}", "–"],
        "seconds in all": [f"{one.in_all:.1f}" for one in (first, second)],
        "CPU seconds of the crawl": [f"{one.cpu:.1f}" for one in (first, second)],
        "CPU seconds of Postgres": [f"{one.postgres_cpu:.1f}" for one in (first, second)],
        "addresses a second of CPU, start left out": [
            f"{first.new / (first.cpu - second.cpu + first.postgres_cpu):,.0f}",
            "–",
        ],
        "peak memory, MB": [f"{one.peak_mb:.0f}" for one in (first, second)],
        "memory, MB for 100,000 more": [f"{first.slope_mb:+.1f}", "–"],
        "requests": [str(one.requests) for one in (first, second)],
        "bytes that came": [f"{one.bytes:,}" for one in (first, second)],
    }.items():
        table.add_row(name, *values)
    console = Console(width=max(Console().width, 100))
    console.print(table)
    console.print(
        f"second / first: {second.bytes / first.bytes:.6f} of the bytes, {second.in_all / first.in_all:.3f} of the time"
    )
    console.print(f"runs that the ledger does not account for: {unbalanced[0] if unbalanced else '?'}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve", count]:
            serve(int(count))
        case ["crawl", address]:
            crawl(address)
        case arguments:
            parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
            parser.add_argument("pages", type=int, nargs="?", default=PAGES, help="addresses in the site's sitemaps")
            main(parser.parse_args(arguments).pages)
