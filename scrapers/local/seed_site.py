"""The seed site: a small outlet in iNews.id's markup, on 127.0.0.1, that `make up` and the tests crawl.

One server answers for www.inews.localhost, jabar.inews.localhost and tasikmalaya.inews.localhost, told apart
by the Host header. Content (seeds/site/content) and templates (seeds/site/templates) write every address
without a port; the port goes into the finished text. All pages are rendered before the first request, so
that a request is a look-up in a table and never touches a page's file.
"""

import argparse
import hashlib
import re
import signal
import socket
import socketserver
import sys
import threading
import time
import tomllib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import FrameType
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import jinja2

from scrapers.config import ROOT, SEED_SITE_PORT, SEED_SITE_PORT_FILE
from scrapers.errors import StartError, WartaError

CONTENT = ROOT / "seeds" / "site" / "content"
TEMPLATES = ROOT / "seeds" / "site" / "templates"
DOMAIN = ".inews.localhost"
WWW = f"http://www{DOMAIN}"
HTML = "text/html; charset=utf-8"
PICTURE_WIDTHS = (300, 822, 1200)  # a card's, the article's, and the one of og:image
UNDATED = datetime.min.replace(tzinfo=UTC)
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)


@dataclass(frozen=True)
class Answer:
    """What the server sends, `delay_s` seconds after it was asked; a `str` body goes out as UTF-8."""

    status: int = 200
    body: bytes | str = b""
    content_type: str = HTML
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_s: float = 0.0


@dataclass(frozen=True)
class Seen:
    """An answered request: its Host without the port, its path with the query, the status sent, and when.

    `at` is in seconds of time.monotonic(), for the gaps between requests.
    """

    host: str
    path: str
    status: int
    at: float


@dataclass(frozen=True, kw_only=True)
class Story:
    """One article as its content file tells it; `url` is the canonical one.

    `twin` is a second address of the same page and `amp` that of its AMP form; `pages` says how many
    paragraphs stand on each page of a divided article; `age` is what cards say of it (`2 hari lalu`);
    `announced_in` names where the site lists it by itself: feed, sitemap, section, tag.
    """

    url: str
    headline: str
    author: Sequence[str]
    editor_line: str
    article_section: Sequence[str]
    date_line: str
    article_body: Sequence[str]
    image: str
    caption: str
    announced_in: Sequence[str]
    date_line_bold: bool = False
    description: str | None = None
    keywords: Sequence[str] = ()
    date_published: datetime | None = None
    date_modified: datetime | None = None
    age: str | None = None
    related: Sequence[str] = ()
    read_also: Sequence[str] = ()
    inline_image: Mapping[str, str] | None = None
    pages: Sequence[int] = ()
    twin: str | None = None
    amp: str | None = None

    @property
    def last_modified(self) -> datetime | None:
        """When the page last changed; None where the outlet tells no date."""
        return self.date_modified or self.date_published

    @property
    def sections(self) -> dict[str, str]:
        """The address of each section that the article stands in, outermost first, with its name."""
        parts = urlsplit(self.url).path.split("/")
        return {f"{WWW}{'/'.join(parts[: n + 2])}": name for n, name in enumerate(self.article_section)}

    def paragraphs(self, page: int) -> Sequence[str]:
        """Return the paragraphs on one page, counted from 1; all of them where the article is not divided."""
        if not self.pages:
            return self.article_body
        start = sum(self.pages[: page - 1])
        return self.article_body[start : start + self.pages[page - 1]]


@dataclass(frozen=True)
class Card:
    """A teaser in a list of articles."""

    href: str
    headline: str
    section: str
    age: str | None = None
    image: str | None = None


def read_stories(edition: int) -> list[Story]:
    """Return the site's articles, newest first, as they stand in the edition (1, or 2 after the edit)."""
    stories = []
    for file in sorted((CONTENT / "articles").glob("*.toml")):
        told = tomllib.loads(file.read_text(encoding="utf-8"))
        edit = told.pop("edition_2", None)
        if edit and edition == 2:
            told["date_modified"] = edit["date_modified"]
            for paragraph, text in edit["article_body"].items():
                told["article_body"][int(paragraph)] = text
        stories.append(Story(**told))
    return sorted(stories, key=lambda story: story.date_published or UNDATED, reverse=True)


def picture(image: str, width: int) -> str:
    """Return the address of a picture at one of PICTURE_WIDTHS."""
    return f"{WWW}/media/{width}/{image}"


def printed(date: datetime) -> str:
    """Return a date as the outlet prints it, such as `Senin, 15 Desember 2025 - 10:56:00 WIB`."""
    return f"{DAYS[date.weekday()]}, {date:%d} {MONTHS[date.month - 1]} {date:%Y - %H:%M:%S} WIB"


def slug(text: str) -> str:
    """Return a name as it stands in a URL."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


class Site:
    """One edition of the site, rendered: `pages` maps each URL, without a port, to what is answered there."""

    def __init__(self, edition: int) -> None:
        self.stories = read_stories(edition)
        self.pages: dict[str, Answer] = {}
        self._told = tomllib.loads((CONTENT / "site.toml").read_text(encoding="utf-8"))
        self._at = {url: story for story in self.stories for url in (story.url, story.twin, story.amp) if url}
        self._sections = {f"{WWW}{path}": name for path, name in self._told["sections"].items()}
        self._templates = self._environment()
        for story in self.stories:
            self._add_article(story)
            self._add_pictures(story)
        self._add_sections()
        self._add_tags()
        self._add_told_pages()
        for host in self._told["hosts"]:
            self._add_feeds(f"http://{host}{DOMAIN}")
        self._add_sitemaps()

    def _environment(self) -> jinja2.Environment:
        templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        templates.filters |= {"cards": self._cards, "picture": picture, "printed": printed, "slug": slug}
        templates.filters["rfc2822"] = format_datetime
        templates.globals |= {"www": WWW, "nav": self._told["nav"]}
        templates.globals |= {widget: self._cards(hrefs) for widget, hrefs in self._told["widgets"].items()}
        return templates

    def _add(self, url: str, template: str, content_type: str = HTML, **values: object) -> None:
        body = self._templates.get_template(template).render(url=url, **values)
        self.pages[url] = Answer(body=body, content_type=content_type)

    def _cards(self, links: Sequence[str | dict[str, str]]) -> list[Card]:
        """Return a card for each link: an article's address in any of its forms, or a card told in full."""
        return [Card(**link) if isinstance(link, dict) else self._card(urljoin(WWW, link)) for link in links]

    def _card(self, href: str) -> Card:
        story = self._at[re.sub(r"(/all)?(\?.*)?$", "", href)]
        return Card(href, story.headline, story.article_section[-1], story.age, picture(story.image, 300))

    def _announced(self, place: str, home: str = WWW) -> dict[str, Story]:
        """Return the articles that a host's feeds, sitemaps, … list, by their address on that host."""
        return {
            url: story
            for story in self.stories
            for url in (story.url, story.twin)
            if url and url.startswith(home) and place in story.announced_in
        }

    def _add_article(self, story: Story) -> None:
        template = "article.html" if story.url.startswith(WWW) else "network_article.html"
        forms: dict[str, tuple[str, int | None]] = {story.url: (template, 1)}
        if story.twin:
            forms[story.twin] = (template, 1)
        if story.pages:
            forms |= {f"{story.url}/{n}": (template, n) for n in range(2, len(story.pages) + 1)}
            forms[f"{story.url}/all"] = (template, None)
        if story.amp:
            forms[story.amp] = ("amp.html", None)
        for url, (form, page) in forms.items():
            paragraphs = story.paragraphs(page) if page else story.article_body
            self._add(url, form, story=story, page=page, paragraphs=paragraphs)
            if story.last_modified:
                date = format_datetime(story.last_modified.astimezone(UTC), usegmt=True)
                self.pages[url] = replace(self.pages[url], headers={"Last-Modified": date})

    def _add_pictures(self, story: Story) -> None:
        for image in [story.image, *([story.inline_image["image"]] if story.inline_image else [])]:
            hue = hashlib.sha256(image.encode()).digest()[0]
            for width in PICTURE_WIDTHS:
                self._add(picture(image, width), "picture.svg", "image/svg+xml", width=width, hue=hue)

    def _add_sections(self) -> None:
        for story in self.stories:
            if story.url.startswith(WWW):
                self._sections |= story.sections
        for url, name in self._sections.items():
            listed = [href for href in self._announced("section") if href.startswith(f"{url}/")]
            also = self._told["also_in"].get(urlsplit(url).path, [])
            above = {up: title for up, title in self._sections.items() if url.startswith(f"{up}/")}
            self._add(url, "list.html", title=name, above=above, cards=self._cards([*listed, *also]))

    def _add_tags(self) -> None:
        announced = self._announced("tag", home="http://")
        for tag in sorted({tag for story in self.stories for tag in story.keywords}):
            tagged = [url for url, story in announced.items() if tag in story.keywords]
            self._add(f"{WWW}/tag/{slug(tag)}", "list.html", title=tag, above={}, cards=self._cards(tagged))

    def _add_told_pages(self) -> None:
        for page in self._told["page"]:
            values = {"template": "list.html", "above": {}, "sections": self._sections} | page
            values["cards"] = self._cards(page.get("cards", []))
            url = urljoin(WWW, values.pop("url"))
            self._add(url, values.pop("template"), **values)
            self.pages[url] = replace(self.pages[url], status=page.get("status", 200))

    def _add_feeds(self, home: str) -> None:
        stories = self._announced("feed", home)
        self._add(f"{home}/robots.txt", "robots.jinja", "text/plain; charset=utf-8", home=home)
        feeds = {f"{home}/feed": stories}
        if home == WWW:
            feeds[f"{WWW}/feed/news"] = {url: s for url, s in stories.items() if url.startswith(f"{WWW}/news/")}
        for url, listed in feeds.items():
            self._add(url, "feed.xml", "application/rss+xml; charset=utf-8", home=home, stories=listed)

    def _add_sitemaps(self) -> None:
        xml = "application/xml; charset=utf-8"
        sitemaps: dict[str, dict[str, Story]] = {}
        for url, story in self._announced("sitemap", home="http://").items():
            home = "{0.scheme}://{0.netloc}".format(urlsplit(url))
            folder = next(iter(story.sections)) if home == WWW else home
            sitemaps.setdefault(f"{folder}/sitemap.xml", {})[url] = story
        for url, stories in sitemaps.items():
            self._add(url, "sitemap.xml", xml, stories=stories)
        index = {url: stories.values() for url, stories in sitemaps.items() if url.startswith(WWW)}
        self._add(f"{WWW}/sitemap.xml", "sitemap_index.xml", xml, sitemaps=index)
        self._add(f"{WWW}/sitemap-news.xml", "sitemap_news.xml", xml, stories=self._announced("sitemap"))


@cache
def site(edition: int) -> Site:
    """Return an edition of the site, rendered once a process."""
    return Site(edition)


class _Server(socketserver.ThreadingTCPServer):
    """The server itself; not http.server's, which asks the resolver for its own name."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, edition: Callable[[], int], *, access_log: bool) -> None:
        self.edition = edition
        self.access_log = access_log
        self.seen: list[Seen] = []
        self.answers: dict[str, Answer] = {}
        self.delay_s = 0.0
        self._open: set[socket.socket] = set()
        site(edition())  # a fault in the content shows at the start, not at a request
        try:
            super().__init__(("127.0.0.1", port), _Handler)
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or error
            raise StartError(
                f"the seed site can't listen on 127.0.0.1:{port}: {reason} (give it another port)"
            ) from None

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.server_address[1])

    def answer(self, host: str, target: str) -> Answer:
        """Return what is served to a host for a path with its query; a page, or the 404 of the site."""
        path = target.partition("?")[0]
        for key in (target, path, "*"):
            if key in self.answers:
                return self.answers[key]
        pages = site(self.edition()).pages
        home = f"http://{host}" if f"http://{host}/" in pages else WWW
        page = pages.get(home + path) or pages[f"{WWW}/404"]
        body = str(page.body).replace(f"{DOMAIN}/", f"{DOMAIN}:{self.port}/").encode()
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        return replace(page, body=body, headers={**page.headers, "ETag": etag})

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a connection, and remember it as open."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """End a connection."""
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say in one line why a connection broke; a client that hangs up is no news."""
        error = sys.exception()
        if not isinstance(error, ConnectionError | TimeoutError):
            sys.stderr.write(f"seed site: a request failed: {error!r}\n")

    def close(self) -> None:
        """Stop listening and end the connections that clients keep alive."""
        self.shutdown()
        self.server_close()
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    """One connection; nothing is refused for its Host."""

    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "SeedSite"
    timeout = 60  # seconds that an idle connection is kept

    def do_GET(self) -> None:
        """Answer with a page, 304 or 404."""
        host = self.headers.get("Host", "").rpartition("@")[2].partition(":")[0].rstrip(".").lower()
        answer = self.server.answer(host, self.path)
        if answer.status == 200 and self._is_known(answer):
            answer = replace(answer, status=304, body=b"")
        self.server.seen.append(Seen(host, self.path, answer.status, time.monotonic()))
        time.sleep(answer.delay_s + self.server.delay_s)
        self._send(answer)

    def do_HEAD(self) -> None:
        """Answer as to GET, without the body."""
        self.do_GET()

    def _is_known(self, answer: Answer) -> bool:
        """Whether the client holds this answer; dates are compared as text, as nginx does."""
        if tags := self.headers.get("If-None-Match"):
            return answer.headers.get("ETag") in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
        return self.headers.get("If-Modified-Since", "") == answer.headers.get("Last-Modified")

    def _send(self, answer: Answer) -> None:
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Write one line a request where the server has an access log."""
        if self.server.access_log:
            super().log_message(format, *args)


class SeedSite:
    """The site on a thread, for as long as the `with` block lasts; port 0 takes a free one.

    `edition` (1 or 2) and `answers`, what to serve at a path (with or without its query; `*` is everything)
    instead of the page, and `delay_s`, how slow every answer is, may be changed at any time. `seen` lists
    the requests that were answered. Raises StartError where the port is taken.
    """

    def __init__(self, port: int = 0, edition: int = 1) -> None:
        self.edition = edition
        self._server = _Server(port, lambda: self.edition, access_log=False)
        self.port = self._server.port
        self.address = f"{WWW}:{self.port}"
        self.seen = self._server.seen
        self.answers = self._server.answers

    @property
    def delay_s(self) -> float:
        """Seconds that every answer takes."""
        return self._server.delay_s

    @delay_s.setter
    def delay_s(self, seconds: float) -> None:
        self._server.delay_s = seconds

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()

    def articles(self) -> dict[str, str]:
        """Return the headline of each distinct article by its canonical URL, from the content files."""
        return {self._at_port(story.url): story.headline for story in read_stories(self.edition)}

    def urls(self) -> list[str]:
        """Return every address that answers with 200: pages, feeds, sitemaps, robots.txt and pictures."""
        return [self._at_port(url) for url, answer in site(self.edition).pages.items() if answer.status == 200]

    def _at_port(self, url: str) -> str:
        return url.replace(f"{DOMAIN}/", f"{DOMAIN}:{self.port}/")


def serve(port: int, edition_file: Path) -> None:
    """Serve in the foreground until SIGTERM or SIGINT, with a line a request on stderr.

    The edition is what edition_file holds at each request; no such file means edition 1.
    Raises StartError where the port is taken.
    """

    def edition() -> int:
        try:
            return 2 if edition_file.read_text().strip() == "2" else 1
        except FileNotFoundError:
            return 1

    stopped = threading.Event()

    def stop(signum: int, frame: FrameType | None) -> None:
        stopped.set()

    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, stop)
    server = _Server(port, edition, access_log=True)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    sys.stderr.write(f"the seed site answers on {WWW}:{server.port}/\n")
    stopped.wait()
    server.close()


def main() -> int:
    """Run `python -m scrapers.local.seed_site`; the exit code is one of scrapers.errors."""
    parser = argparse.ArgumentParser(prog="python -m scrapers.local.seed_site", description="Serve the seed site.")
    parser.add_argument("--port", type=int, default=SEED_SITE_PORT)
    parser.add_argument("--edition-file", type=Path, default=SEED_SITE_PORT_FILE.with_name("edition"))
    given = parser.parse_args()
    try:
        serve(given.port, given.edition_file)
    except WartaError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
