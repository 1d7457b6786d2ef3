"""A site of any size in the seed site's markup, for the benchmark of crawling.

    python -m benchmarks.crawl_site PAGES     serve it on a free port of 127.0.0.1, which is printed

Its pages weigh what saved pages of news sites do at the median: 150 KB, of which a third is script and style, some
850 elements, 160 links. Each has its own headline, text and cards; what stands around them is the same on all.
"""

import json
import random
import re
import socket
import sys
from collections.abc import Awaitable, Callable
from itertools import chain
from typing import Any

import uvicorn

from scrapers.local.seed_site import DOMAIN, WWW, Site, Story, read_stories, slug

SITEMAP = "/sitemap.xml"
FOLDER = "/news/nasional/"
WORDS = 400  # of an article
CARDS = 45  # links to other articles beside it
MENU = 90  # links that all pages share
SEED = 20251215  # the same site every time

Send = Callable[[dict[str, Any]], Awaitable[None]]


class BenchmarkSite(Site):
    """The seed site with one more article, of which `page` makes any number."""

    def __init__(self, pages: int) -> None:
        super().__init__(edition=1)
        self.count = pages
        texts = chain.from_iterable(story.article_body for story in read_stories(1))
        self._sentences = [sentence for text in texts for sentence in re.split(r"(?<=[a-z]\.) ", text)]
        like = next(story for story in read_stories(1) if story.image and story.date_published)
        form = Story(
            url=f"{WWW}{FOLDER}@SLUG@",
            headline="@HEADLINE@",
            author=like.author,
            editor_line=like.editor_line,
            article_section=("News", "Nasional"),
            date_line=like.date_line,
            article_body=("@BODY@",),
            image=like.image,
            caption=like.caption,
            announced_in=(),
            description="@HEADLINE@: ringkasan",
            date_published=like.date_published,
        )
        self._add_article(form)
        chance = random.Random(SEED)  # noqa: S311 - no secret
        head, body = str(self.pages[form.url].body).split("</head>")
        main, footer = body.split("<footer>")
        self._form = f"{head}{_scripts(chance)}</head>{main}@CARDS@<footer>{_menu()}{footer}"

    def headline(self, number: int) -> str:
        """Return the headline of an article; no two are the same."""
        return f"Kabar {number} dari Pasar dan Pelabuhan: Warga Menanti Harga Turun"

    def path(self, number: int) -> str:
        """Return where an article is served."""
        return FOLDER + slug(self.headline(number))

    def page(self, number: int) -> str:
        """Return the page of an article."""
        chance = random.Random(SEED + number)  # noqa: S311 - no secret
        cards = "".join(self._card_html(chance.randrange(self.count)) for _ in range(CARDS))
        return (
            self._form.replace("@SLUG@", slug(self.headline(number)))
            .replace("@HEADLINE@", self.headline(number))
            .replace("@BODY@", self._body(number, chance))
            .replace("@CARDS@", f'<section class="widgetTerkini">{cards}</section>')
        )

    def _body(self, number: int, chance: random.Random) -> str:
        words, paragraphs = 0, [f"Kabar {number} datang dari pasar."]
        while words < WORDS:
            paragraphs.append(" ".join(chance.choices(self._sentences, k=2)))
            words += len(paragraphs[-1].split())
        return "</p>\n<p>".join(paragraphs)

    def _card_html(self, number: int) -> str:
        image = f"{WWW}/media/{{}}/files/inews_new/2025/12/15/kabar_{number}.jpg"
        sizes = ", ".join(f"{image.format(width)} {width}w" for width in (150, 300, 480, 640, 822, 1200))
        return (
            f'<article class="cardArticle cardArticle--horizontal" data-id="{number}" data-position="terkini">'
            f'<a href="{WWW}{self.path(number)}" class="cardArticle__link" data-track="card-{number}">'
            f'<figure class="cardImg"><img class="thumbCard lazyload" src="{image.format(300)}" srcset="{sizes}"'
            f' sizes="(max-width: 640px) 100vw, 300px" alt="{self.headline(number)}" width="213" height="143"></figure>'
            f'<div class="cardBody"><div class="kanal">Nasional</div>'
            f'<div class="postTime">{number % 23 + 1} jam lalu</div>'
            f'<h5 class="cardTitle">{self.headline(number)}</h5></div></a></article>\n'
        )

    def sitemap(self) -> str:
        """Return the sitemap that announces every article."""
        urls = "".join(f"<url><loc>{WWW}{self.path(number)}</loc></url>" for number in range(self.count))
        return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'


def _scripts(chance: random.Random) -> str:
    """Return what pages carry for their scripts and their looks: a state as JSON, and style rules."""
    state = {
        f"widget_{number}": {"slot": chance.randrange(10**6), "sizes": [[970, 250], [300, 600]]}
        for number in range(450)
    }
    rules = "\n".join(
        f".c{number}__item--{number % 7}{{margin:{number % 9}px;color:#{number:06x}}}" for number in range(400)
    )
    return f"<script>window.__STATE__ = {json.dumps(state)};</script>\n<style>{rules}</style>"


def _menu() -> str:
    items = (
        f'<li class="navigationKanal__item" data-index="{number}"><a class="navLink navLink--footer" '
        f'href="{WWW}/kanal/daerah-{number}" title="Berita Daerah {number}"><svg viewBox="0 0 24 24" width="24">'
        f'<path d="{" ".join(f"M{step} {number}L{number} {step}" for step in range(12))}"/></svg>'
        f" Daerah {number}</a></li>"
        for number in range(MENU)
    )
    return f'<ul class="megaMenu">{"".join(items)}</ul>'


class Application:
    """The site as an ASGI application on one port; every page is written before the first request."""

    def __init__(self, pages: int, port: int) -> None:
        site = BenchmarkSite(pages)
        texts = {site.path(number): site.page(number) for number in range(pages)}
        self.answers = {path: ("text/html; charset=utf-8", _at(port, text)) for path, text in texts.items()}
        self.answers[SITEMAP] = ("application/xml", _at(port, site.sitemap()))
        self.answers["/robots.txt"] = ("text/plain", b"User-agent: *\nDisallow: /akun\n")

    async def __call__(self, scope: dict[str, Any], receive: object, send: Send) -> None:
        """Answer a request with its page or 404."""
        kind, body = self.answers.get(scope["path"], ("text/plain", b""))
        headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200 if body else 404, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _at(port: int, text: str) -> bytes:
    return text.replace(f"{DOMAIN}/", f"{DOMAIN}:{port}/").encode()


def serve(pages: int) -> None:
    """Serve until SIGTERM; the site's address is the first line printed."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
        port = listening.getsockname()[1]
        application = Application(pages, port)
        print(f"{WWW}:{port}", flush=True)  # noqa: T201 - what the benchmark waits for
        config = uvicorn.Config(application, lifespan="off", log_level="warning", access_log=False)
        uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    serve(int(sys.argv[1]))
