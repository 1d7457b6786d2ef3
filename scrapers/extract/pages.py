"""Saved pages: what `warta extract` reads and answers."""

import gzip
import json
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapers.errors import NotAnArticle, UsageError
from scrapers.extract.article import extract_article
from scrapers.extract.page import Page, Rules
from scrapers.items import Article
from scrapers.spiders import outlets

GZIP = b"\x1f\x8b"  # RFC 1952, section 2.3.1


def page_from(body: bytes, url: str) -> Page:
    """Return a saved page, unpacked where it is gzip; as nobody knows when it was fetched, it was now."""
    return Page(url=url, body=gzip.decompress(body) if body.startswith(GZIP) else body, fetched_at=datetime.now(UTC))


@cache
def _outlet_of(host: str) -> Rules | None:
    """Return the rules of the outlet that this host is of."""
    for outlet in outlets():
        if any(host == domain or host.endswith(f".{domain}") for domain in outlet.hosts):
            return outlet.rules()
    return None


def rules_for(url: str) -> Rules:
    """Return what the outlet of this address declares; of an unknown site nothing but its host is known."""
    host = urlsplit(url).hostname or ""
    return _outlet_of(host) or Rules(outlet=host)


def answers(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield for each JSON line `{"path", "url"}`, in order, `{"ok": true, "result": …}` or `{"ok": false, "error"}`.

    Either says in seconds the `wall` and `cpu` time that the page took, without reading its file.
    """
    for line in lines:
        if line.strip():
            yield _answer(line)


def articles_in(paths: Iterable[Path], url: str | None) -> Iterator[dict[str, Any]]:
    """Yield the article of each saved page; raises UsageError for a file that can't be read, NotAnArticle."""
    for path in paths:
        try:
            body = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        except OSError as error:
            raise UsageError(f"{path} cannot be read: {error.strerror}") from None
        page = page_from(body, url or "")
        yield as_json(extract_article(page, rules_for(page.url)))


def _answer(line: str) -> dict[str, Any]:
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        job = json.loads(line)
        page = page_from(Path(job["path"]).read_bytes(), job["url"])
        wall, cpu = time.perf_counter(), time.process_time()
        answer = {"ok": True, "result": result_of(extract_article(page, rules_for(page.url)))}
    except NotAnArticle as error:
        answer = {"ok": False, "error": str(error)}
    except Exception as error:  # noqa: BLE001 - one page must not end the others, whatever it did
        answer = {"ok": False, "error": f"{type(error).__name__}: {error}"[:300]}
    return answer | {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


def result_of(article: Article) -> dict[str, Any]:
    """Return the article's fields, and beside them title, authors, published and body as benchmarks call them."""
    published = article.date_published
    return as_json(article) | {
        "title": article.headline,
        "authors": list(article.author),
        "published": published.isoformat() if published else None,
        "body": "\n\n".join(article.article_body),
    }


def as_json(article: Article) -> dict[str, Any]:
    """Return the article as JSON holds it: lists for tuples, ISO 8601 for instants."""
    fields: dict[str, Any] = json.loads(json.dumps(asdict(article), default=datetime.isoformat))
    return fields
