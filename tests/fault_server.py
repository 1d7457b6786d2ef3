"""A web server on 127.0.0.1 whose addresses say what goes wrong, and that remembers when each request came.

    /fault/429?after=5                 a status, here with `Retry-After: 5`; `after` may be a date
    /fault/slow?s=2                    an article, after so many seconds
    /fault/drip?ms=200                 a byte at a time
    /fault/hang, stall                 no answer; its headers and nothing more
    /fault/close, reset?after=200      the connection is closed, or reset after so many bytes of the answer
    /fault/short, cut, cut_chunks      less than Content-Length says; no length, and no end; no last chunk
    /fault/garbage, bad_status         no HTTP at all; a status line that is none
    /fault/headers?mb=10, ?n=100000    headers of such a size, or so many
    /fault/endless_headers?ms=0        headers without end, each after so many milliseconds
    /fault/big?mb=20, endless          a body of such a size, or without end
    /fault/bomb?mb=300&coding=gzip     spaces, compressed: gzip, deflate, br, zstd; `char` is sent instead of spaces
    /fault/nested?mb=300               spaces, compressed with gzip, and that with gzip, and that with gzip
    /fault/corrupt?coding=gzip, half   a compressed article with a flipped byte; cut short
    /fault/redirect?to=URL&code=302    also `redirects?n=20`, a chain to an article, and `loop`
    /fault/cookie_loop/status?n=2      leads round so many addresses until a cookie comes back (n=0: ever new ones)
    /fault/refresh?to=URL&s=0          <meta http-equiv=refresh>; `refresh` alone leads to itself
    /fault/charset?bytes=cp1252&header=utf-8&meta=&bom=   an article whose declarations disagree with its bytes
    /fault/article?header=X-Robots-Tag:noarchive&meta=robots:noarchive    an article with such headers and metas
    /fault/echo, cookie                the headers of the request, in an article; a cookie and an article
    /fault/not_found                   a soft 404: 200, and says that there is nothing
    /fault/cookie_wall, bot_wall, login, paywall          200, and no article
    /fault/calendar/…, maze/…, repeat/…, sessions/…, query…    pages that lead to ever more pages
    /fault/robots?kb=5000              rules of such a size; the last forbids everything
    /fault/sitemap?n=50000&from=0, sitemaps?n=30&urls=50000, sitemap_loop    so many addresses

`times=N` on any of them: only the first N requests of that address go wrong, later ones get an article.
Outside of /fault/ it is a small outlet: see FaultServer.
"""

import gzip
import json
import os
import random
import socket
import socketserver
import ssl
import struct
import sys
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler
from itertools import pairwise
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

import brotli
import zstandard

from scrapers.fetch.soft_404 import PROBE
from scrapers.fetch.tdm_reservations import WELL_KNOWN

HTML = "text/html; charset=utf-8"
XML = "application/xml"
LONGEST = 120.0  # seconds that a connection is held
PACKING = threading.Lock()  # held by the one request for which a bomb is packed
WORDS = (
    *("warga", "desa", "membangun", "jembatan", "baru", "setelah", "hujan", "lebat", "merusak", "jalan", "utama"),
    *("pemerintah", "kabupaten", "menyiapkan", "anggaran", "perbaikan", "sebelum", "musim", "tanam", "berikutnya"),
)


@dataclass(frozen=True)
class Answer:
    """What is sent; a `str` body goes out as UTF-8."""

    body: bytes | str = b""
    status: int = 200
    content_type: str = HTML
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Seen:
    """A request: when it came, in seconds of time.monotonic(), its Host without the port, target and headers."""

    at: float
    host: str
    target: str
    headers: Mapping[str, str]
    method: str = "GET"

    @property
    def path(self) -> str:
        """Return the target without its query."""
        return self.target.partition("?")[0]


class FaultServer:
    """The server on a thread, for as long as the `with` block lasts: an outlet of `articles` articles, and the faults.

    The outlet has `/robots.txt`, `/`, `/feed`, `/sitemap.xml` and the articles `/berita/nomor-N-…`; it answers to any
    name. `answers` says what is served instead, by `host/path`, target or path: an Answer, the target of a fault, or
    a function of the request. `otherwise` is served where nothing else is. `requests` lists all that came, also those
    that were never answered. `tls` makes it an https server.
    """

    def __init__(
        self,
        articles: int = 12,
        *,
        name: str = "faults.localhost",
        tls: ssl.SSLContext | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.articles = [article_path(number) for number in range(1, articles + 1)]
        self.answers: dict[str, Answer | str | Callable[[Request], Answer]] = {}
        self.otherwise: Answer | str = "/fault/404"
        self.requests: list[Seen] = []
        self.served: Counter[str] = Counter()
        self._server = _Server(self, tls, host, port)
        self.port = int(self._server.server_address[1])
        self.scheme = "https" if tls else "http"
        self.address = f"{self.scheme}://{name}:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()

    def url(self, target: str) -> str:
        """Return the address of a target such as `/fault/429?after=5`."""
        return f"{self.address}{target}"

    def paths(self, host: str | None = None) -> list[str]:
        """Return the targets that were asked for, in order, without those that each host is asked for once."""
        aside = ("/robots.txt", WELL_KNOWN)
        asked = [seen for seen in list(self.requests) if seen.path not in aside and PROBE not in seen.path]
        return [seen.target for seen in asked if host in (None, seen.host)]

    def gaps(self, host: str | None = None) -> list[float]:
        """Return the seconds between one request and the next, robots.txt included."""
        times = [seen.at for seen in list(self.requests) if host in (None, seen.host)]
        return [later - earlier for earlier, later in pairwise(times)]


@dataclass(frozen=True)
class Request:
    """A request as a fault sees it; `parameters` are those of the query."""

    server: FaultServer
    host: str
    target: str
    headers: Mapping[str, str]
    connection: "_Handler"

    @property
    def parameters(self) -> dict[str, str]:
        """Return the query's parameters, the last of each name."""
        return dict(parse_qsl(urlsplit(self.target).query))

    @property
    def all_parameters(self) -> list[tuple[str, str]]:
        """Return the query's parameters with their names, in order."""
        return parse_qsl(urlsplit(self.target).query)

    @property
    def rest(self) -> str:
        """Return what follows the fault's name in the path."""
        return urlsplit(self.target).path.removeprefix("/fault/").partition("/")[2]

    def number(self, name: str, otherwise: float) -> float:
        """Return a parameter as a number."""
        return float(self.parameters.get(name, otherwise))

    def absolute(self, target: str) -> str:
        """Return the address of a target on this server, under the name that was asked for."""
        return f"{self.server.scheme}://{self.headers.get('Host', '')}{target}" if target.startswith("/") else target

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.connection.wfile.write(data)

    def send_head(self, *headers: str, status: str = "200 OK") -> None:
        """Send a status line and headers, `Content-Type` among them."""
        lines = [f"HTTP/1.1 {status}", f"Content-Type: {HTML}", *headers]
        self.send("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n")


Fault = Callable[[Request], Answer | None]
FAULTS: dict[str, Fault] = {}


def fault(function: Fault) -> Fault:
    """Register a fault under its function's name; it returns an answer, or None where it sent what it wanted to."""
    FAULTS[function.__name__.strip("_")] = function
    return function


# The small outlet


def article_path(number: int) -> str:
    """Return the path of an article of the small outlet."""
    return f"/berita/nomor-{number}-warga-desa-membangun-jembatan"


def article(seed: object, head: str = "", *, links: Iterable[str] = (), charset: str = "utf-8") -> str:
    """Return an article page; the same seed gives the same article."""
    choice = random.Random(str(seed))
    sentences = [" ".join(choice.choices(WORDS, k=12)).capitalize() + "." for _ in range(24)]
    headline = f"Warga Desa Membangun Jembatan {seed}"
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": headline,
        "datePublished": "2025-12-15T10:56:00+07:00",
        "author": {"@type": "Person", "name": "Dewi Lestari"},
    }
    paragraphs = "".join(f"<p>{' '.join(sentences[n : n + 4])}</p>\n" for n in range(0, 24, 4))
    further = "".join(f'<a href="{link}">{link}</a>\n' for link in links)
    return (
        f'<!DOCTYPE html>\n<html lang="id"><head>{f"<meta charset={charset}>" if charset else ""}'
        f'<title>{headline}</title>{head}<script type="application/ld+json">{json.dumps(data)}</script></head>\n'
        f"<body><article><h1>{headline}</h1>\n{paragraphs}</article>\n<nav>{further}</nav></body></html>\n"
    )


def page(text: str, head: str = "", *, title: str = "Halaman", links: Iterable[str] = ()) -> str:
    """Return a page that is no article."""
    further = "".join(f'<a href="{link}">{link}</a>\n' for link in links)
    return f"<html><head><title>{title}</title>{head}</head><body>{text}\n{further}</body></html>"


def _outlet(request: Request) -> Answer | None:
    """Return what the small outlet has at the path; None where it has nothing."""
    server, path = request.server, request.target.partition("?")[0]
    urls = [request.absolute(article) for article in server.articles]
    if path in server.articles:
        return Answer(article(path))
    if path == "/":
        head = '<link rel="alternate" type="application/rss+xml" href="/feed">'
        return Answer(page("", head, title="Beranda", links=tuple(urls)))
    if path == "/robots.txt":
        return Answer(
            f"User-agent: *\nAllow: /\nSitemap: {request.absolute('/sitemap.xml')}\n", content_type="text/plain"
        )
    if path == "/feed":
        items = "".join(f"<item><title>{url}</title><link>{url}</link></item>" for url in urls)
        return Answer(f'<rss version="2.0"><channel>{items}</channel></rss>', content_type="application/rss+xml")
    if path == "/sitemap.xml":
        return Answer(f"<urlset>{''.join(f'<url><loc>{url}</loc></url>' for url in urls)}</urlset>", content_type=XML)
    return None


# Statuses, redirects


def status(request: Request, code: int) -> Answer:
    """Answer with a status; `after` becomes Retry-After, `to` Location."""
    given = request.parameters
    headers = {name: given[key] for key, name in (("after", "Retry-After"), ("to", "Location")) if key in given}
    return Answer(article(code) if code == 200 else page(f"HTTP {code}"), status=code, headers=headers)


@fault
def redirect(request: Request) -> Answer:
    return status(request, int(request.number("code", 302)))


@fault
def redirects(request: Request) -> Answer:
    left = int(request.number("n", 20))
    return Answer(status=302, headers={"Location": f"/fault/redirects?n={left - 1}" if left > 1 else "/fault/article"})


@fault
def loop(request: Request) -> Answer:
    return Answer(status=302, headers={"Location": f"/fault/loop?{len(request.server.requests)}"})


@fault
def cookie_loop(request: Request) -> Answer:
    """Set a cookie and lead on, by `status`, by `refresh`, or `once`, in a circle of `n` addresses."""
    kind, n, at = request.rest, int(request.number("n", 1)), int(request.number("at", 0))
    if "seen=1" in request.headers.get("Cookie", "") or (kind == "once" and at):
        return Answer(article("cookie_loop"))
    following = at + 1 if n == 0 or kind == "once" else (at + 1) % n
    to = f"/fault/cookie_loop/{kind}?n={n}" + (f"&at={following}" if following else "")
    cookie = {"Set-Cookie": "seen=1; Path=/"}
    if kind == "refresh":
        return Answer(
            page("", f'<meta http-equiv="refresh" content="0; url={to.replace("&", "&amp;")}">'), headers=cookie
        )
    return Answer(status=302, headers={"Location": to, **cookie})


@fault
def refresh(request: Request) -> Answer:
    to, seconds = request.parameters.get("to", "/fault/refresh"), request.parameters.get("s", "0")
    return Answer(page("", f'<meta http-equiv="refresh" content="{seconds}; url={to}">'))


# Slow and broken connections


@fault
def slow(request: Request) -> Answer:
    time.sleep(request.number("s", 2))
    return Answer(article("slow"))


@fault
def drip(request: Request) -> None:
    body = article("drip").encode()
    request.send_head(f"Content-Length: {len(body)}")
    for n in range(len(body)):
        request.send(body[n : n + 1])
        time.sleep(request.number("ms", 200) / 1000)


@fault
def hang(request: Request) -> None:
    request.connection.hold()


@fault
def stall(request: Request) -> None:
    request.send_head("Content-Length: 1000")
    request.connection.hold()


@fault
def close(request: Request) -> None:
    """Close the connection without a word."""


@fault
def reset(request: Request) -> None:
    body = article("reset").encode()
    request.send_head(f"Content-Length: {len(body)}")
    request.send(body[: int(request.number("after", 200))])
    time.sleep(0.05)  # what was sent is on its way before the reset overtakes it
    connection = request.connection.connection
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(connection.detach())  # shutdown() would send an orderly end first


@fault
def short(request: Request) -> None:
    body = article("short").encode()
    request.send_head(f"Content-Length: {len(body) + 1000}")
    request.send(body)


@fault
def cut(request: Request) -> None:
    body = article("cut").encode()
    request.send_head("Connection: close")
    request.send(body[: len(body) * 2 // 3])


@fault
def cut_chunks(request: Request) -> None:
    body = article("cut_chunks").encode()
    request.send_head("Transfer-Encoding: chunked")
    request.send(f"{len(body):x}\r\n".encode() + body + b"\r\n")


@fault
def garbage(request: Request) -> None:
    request.send(random.Random(1).randbytes(4000) + b"\r\n\r\n")


@fault
def bad_status(request: Request) -> None:
    request.send(b"HTTP/1.1 OK fine\r\nContent-Length: 0\r\n\r\n")


@fault
def headers(request: Request) -> None:
    """Send headers of `mb` megabytes in one, or `n` of them."""
    count = int(request.number("n", 0))
    request.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n")
    if count:
        for start in range(0, count, 1000):
            request.send(b"".join(b"X-Header-%d: value\r\n" % n for n in range(start, min(start + 1000, count))))
    else:
        request.send(b"X-Long: ")
        for _ in range(int(request.number("mb", 10))):
            request.send(b"a" * (1 << 20))
        request.send(b"\r\n")
    request.send(b"Content-Length: 0\r\n\r\n")


@fault
def endless_headers(request: Request) -> None:
    """Send headers until the client has enough of them."""
    request.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n")
    until, n = time.monotonic() + LONGEST, 0
    while time.monotonic() < until and not request.connection.server.ended.is_set():
        n += 1
        request.send(b"X-Header-%d: value\r\n" % n)
        time.sleep(request.number("ms", 0) / 1000)


# Bodies


@fault
def big(request: Request) -> None:
    size = int(request.number("mb", 20)) << 20
    request.send_head(f"Content-Length: {size}")
    for _ in range(size >> 20):
        request.send(b" " * (1 << 20))


@fault
def endless(request: Request) -> None:
    request.send_head("Transfer-Encoding: chunked")
    until = time.monotonic() + LONGEST
    while time.monotonic() < until:
        request.send(b"10000\r\n" + b" " * 65536 + b"\r\n")


def compressed(body: bytes, coding: str) -> bytes:
    """Return the body in a content coding: gzip, deflate, br or zstd."""
    compressors: dict[str, Callable[[bytes], bytes]] = {
        "gzip": gzip.compress,
        "deflate": zlib.compress,
        "br": lambda data: brotli.compress(data, quality=1),
        "zstd": zstandard.compress,
    }
    return compressors[coding](body)


def spaces(megabytes: int, coding: str, char: bytes = b" ") -> bytes:
    """Return so many megabytes of spaces, or of another character, compressed once for all who ask."""
    with PACKING:
        return _packed(megabytes, coding, char)


@cache
def _packed(megabytes: int, coding: str, char: bytes) -> bytes:
    return compressed(char * (megabytes << 20), coding)


@fault
def bomb(request: Request) -> Answer:
    """Send spaces; with `file`, as a gzip file such as sitemap.xml.gz."""
    coding = request.parameters.get("coding", "gzip")
    body = spaces(int(request.number("mb", 300)), coding, request.parameters.get("char", " ").encode())
    if "file" in request.parameters:
        return Answer(body, content_type="application/gzip")
    return Answer(body, headers={"Content-Encoding": coding})


@fault
def nested(request: Request) -> Answer:
    body = gzip.compress(gzip.compress(spaces(int(request.number("mb", 300)), "gzip")))
    return Answer(body, headers={"Content-Encoding": "gzip, gzip, gzip"})


@fault
def corrupt(request: Request) -> Answer:
    coding = request.parameters.get("coding", "gzip")
    body = bytearray(compressed(article("corrupt").encode(), coding))
    body[len(body) // 2] ^= 0xFF
    return Answer(bytes(body), headers={"Content-Encoding": coding})


@fault
def half(request: Request) -> Answer:
    coding = request.parameters.get("coding", "gzip")
    body = compressed(article("half").encode(), coding)
    return Answer(body[: len(body) // 2], headers={"Content-Encoding": coding})


@fault
def charset(request: Request) -> Answer:
    """Send an article in the encoding `bytes`, declared in `header` and `meta`, behind the BOM of `bom`."""
    given = request.parameters
    text = article("é – “kutipan” ñ", charset=given.get("meta", "")).replace("&", "&amp;")
    bom = {"utf-8": b"\xef\xbb\xbf", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(given.get("bom", ""), b"")
    declared = f"; charset={given['header']}" if "header" in given else ""
    return Answer(bom + text.encode(given.get("bytes", "utf-8"), "replace"), content_type=f"text/html{declared}")


@fault
def _article(request: Request) -> Answer:
    """Send an article with each `header=Name:value` and `meta=name:content` that is given."""
    pairs = [(kind, *value.split(":", 1)) for kind, value in request.all_parameters if kind in ("header", "meta")]
    head = "".join(f'<meta name="{name}" content="{value}">' for kind, name, value in pairs if kind == "meta")
    sent = {name: value for kind, name, value in pairs if kind == "header"}
    return Answer(article(request.target.partition("?")[0], head), headers=sent)


@fault
def echo(request: Request) -> Answer:
    return Answer(article("echo", head=f"<!-- {json.dumps(dict(request.headers))} -->"))


@fault
def cookie(request: Request) -> Answer:
    return Answer(article("cookie"), headers={"Set-Cookie": "canary=secret; Path=/"})


# Pages that are no articles, and say 200


@fault
def not_found(request: Request) -> Answer:
    path = request.target.partition("?")[0]
    text = (
        f"<h1>Halaman tidak ditemukan</h1><p>Maaf, halaman {path} yang Anda cari tidak ada atau sudah dipindahkan.</p>"
    )
    return Answer(page(text + "<p>Silakan kembali ke beranda, atau cari berita lain di bawah ini.</p>" * 6))


@fault
def cookie_wall(request: Request) -> Answer:
    text = "<div id=consent><h1>Before you continue</h1><p>We use cookies. Please enable cookies to continue.</p></div>"
    return Answer(page(text, title="Please enable cookies"))


@fault
def bot_wall(request: Request) -> Answer:
    """Send the page of a well-known protection service, as it is sent to what it takes for a bot."""
    text = (
        '<h1>Checking your browser</h1><form id="challenge-form" action="/cdn-cgi/l/chk_jschl" method="POST"></form>'
        '<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/jsch/v1"></script>'
    )
    return Answer(page(text, title="Just a moment..."))


@fault
def login(request: Request) -> Answer:
    form = '<form action="/login" method="post"><input name="email"><input type="password" name="password"></form>'
    return Answer(page(f"<h1>Masuk</h1>{form}", title="Login"))


@fault
def paywall(request: Request) -> Answer:
    data = {"@type": "NewsArticle", "headline": "Berita", "isAccessibleForFree": False}
    head = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    return Answer(page("<article><h1>Berita</h1><p>Berlangganan untuk membaca.</p></article>", head))


# Traps: pages without end


@fault
def calendar(request: Request) -> Answer:
    """Link to the next day and the one before, for ever: /fault/calendar/2025/12/15/agenda-kegiatan-warga-desa."""
    try:
        day = date.fromisoformat("-".join(request.rest.split("/")[:3]))
    except ValueError:
        day = date(2025, 12, 15)
    near = [day + timedelta(days=n) for n in (-1, 1)]
    links = (f"/fault/calendar/{day:%Y/%m/%d}/agenda-kegiatan-warga-desa" for day in near)
    return Answer(article(f"agenda {day}", links=links))


@fault
def maze(request: Request) -> Answer:
    """Link to ten pages whose addresses nobody has seen before."""
    choice = random.Random(request.target)
    return Answer(
        article(request.rest, links=(f"/fault/maze/berita-warga-desa-{choice.randrange(1 << 40)}" for _ in range(10)))
    )


@fault
def repeat(request: Request) -> Answer:
    """Link to the same folders once more: a relative link on a server that ignores what follows."""
    folders = request.rest.removesuffix("berita-warga-desa-baru")
    return Answer(article(request.rest, links=(f"/fault/repeat/{folders}arsip/lama/berita-warga-desa-baru",)))


@fault
def query(request: Request) -> Answer:
    """Link to the same page with one more parameter."""
    count = len(request.all_parameters)
    longer = "&".join([urlsplit(request.target).query, f"p{count}={count}"]).strip("&")
    return Answer(article("query", links=(f"/fault/query/berita-warga-desa-baru?{longer}",)))


@fault
def sessions(request: Request) -> Answer:
    """Link to the same page with a new session id in its query and in its path."""
    number = random.Random(len(request.server.requests)).randbytes(16).hex()
    path = "/fault/sessions/berita-warga-desa-baru"
    return Answer(article("sessions", links=(f"{path}?PHPSESSID={number}", f"{path};jsessionid={number}")))


# robots.txt, sitemaps


@fault
def robots(request: Request) -> Answer:
    comments = b"# nothing to see here, and much of it\n" * (int(request.number("kb", 5000)) * 1024 // 38)
    return Answer(b"User-agent: *\nAllow: /\n" + comments + b"Disallow: /\n", content_type="text/plain")


@fault
def sitemap(request: Request) -> Answer:
    start, count = int(request.number("from", 0)), int(request.number("n", 50_000))
    urls = (f"<url><loc>{request.absolute(article_path(n))}</loc></url>\n" for n in range(start, start + count))
    return Answer(f"<urlset>{''.join(urls)}</urlset>", content_type=XML)


@fault
def sitemaps(request: Request) -> Answer:
    count, urls = int(request.number("n", 30)), int(request.number("urls", 50_000))
    links = (request.absolute(f"/fault/sitemap?from={n * urls}&amp;n={urls}") for n in range(count))
    return Answer(f"<sitemapindex>{_sitemaps(links)}</sitemapindex>", content_type=XML)


@fault
def sitemap_loop(request: Request) -> Answer:
    """Send an index that names itself and ever new ones."""
    links = [request.absolute(f"/fault/sitemap_loop?{n}") for n in ("", len(request.server.requests))]
    return Answer(f"<sitemapindex>{_sitemaps(links)}</sitemapindex>", content_type=XML)


def _sitemaps(links: Iterable[str]) -> str:
    return "".join(f"<sitemap><loc>{link}</loc></sitemap>" for link in links)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, site: FaultServer, tls: ssl.SSLContext | None, host: str, port: int) -> None:
        self.site = site
        self.tls = tls
        self.ended = threading.Event()
        self._open: set[socket.socket] = set()
        super().__init__((host, port), _Handler)

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Shake hands in the connection's own thread, then answer."""
        request.settimeout(LONGEST)
        if self.tls:
            request = self.tls.wrap_socket(request, server_side=True)
        self._open.add(request)
        try:
            super().finish_request(request, client_address)
        finally:
            self._open.discard(request)
            if self.tls:
                with suppress(OSError):
                    request.close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Leave clients that hang up alone; anything else is a fault of the tests."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError | ssl.SSLError | OSError):
            super().handle_error(request, client_address)

    def close(self) -> None:
        """Stop listening and end every connection."""
        self.ended.set()
        self.shutdown()
        self.server_close()
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = LONGEST

    def hold(self) -> None:
        """Keep the connection open until the client, or the test, ends it."""
        self.connection.settimeout(0.1)
        until = time.monotonic() + LONGEST
        while time.monotonic() < until and not self.server.ended.is_set():
            try:
                if not self.connection.recv(1):
                    return
            except TimeoutError:
                continue

    def do_GET(self) -> None:
        """Note the request and answer it."""
        host = self.headers.get("Host", "").rpartition("@")[2].partition(":")[0].lower()
        site = self.server.site
        site.requests.append(Seen(time.monotonic(), host, self.path, dict(self.headers), self.command))
        site.served[self.path] += 1
        answer = self._answer(Request(site, host, self.path, dict(self.headers), self))
        if answer is None:  # the fault has sent what it wanted
            self.close_connection = True
        else:
            self._send(answer)

    do_HEAD = do_GET  # noqa: N815 - http.server's name

    def _answer(self, request: Request) -> Answer | None:
        site, path = request.server, request.target.partition("?")[0]
        for key in (f"{request.host}{path}", request.target, path, "*"):
            if key in site.answers:
                return self._given(request, site.answers[key])
        if PROBE in path:
            return self._given(request, site.otherwise)
        if path.startswith("/fault/"):
            return self._fault(request)
        return _outlet(request) or self._given(request, site.otherwise)

    def _given(self, request: Request, given: Answer | str | Callable[[Request], Answer]) -> Answer | None:
        if isinstance(given, Answer):
            return given
        if isinstance(given, str):
            return self._fault(Request(request.server, request.host, given, request.headers, self), request.target)
        return given(request)

    def _fault(self, request: Request, asked: str | None = None) -> Answer | None:
        """Do what the target says; `asked` is the address that stands in for it."""
        times = int(request.number("times", 0))
        if times and request.server.served[asked or request.target] > times:
            return Answer(article(asked or request.target))
        name = unquote(urlsplit(request.target).path).removeprefix("/fault/").partition("/")[0]
        if name.isdecimal():
            return status(request, int(name))
        return FAULTS[name](request) if name in FAULTS else Answer(page(f"no fault {name}"), status=501)

    def _send(self, answer: Answer) -> None:
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value.encode().decode("latin-1"))  # UTF-8, as most servers send it
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing; `requests` has it all."""
