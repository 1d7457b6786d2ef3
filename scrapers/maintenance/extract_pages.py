"""Pages one by one, saved or fetched: what `warta extract` reads and answers."""

import gzip
import json
import re
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapers.errors import NotAnArticle, UsageError, WartaError
from scrapers.extract.article import extract_article, is_article, read_fields
from scrapers.extract.candidate import Candidate
from scrapers.extract.page import Page, Rules
from scrapers.spiders import outlets
from scrapers.spiders.arguments import read_site
from scrapers.spiders.base import NewsSpider

Json = dict[str, Any]
ADDRESS = re.compile(r"https?://", re.IGNORECASE)
GZIP = b"\x1f\x8b"  # RFC 1952, section 2.3.1


def page_from(body: bytes, url: str) -> Page:
    """Return a saved page, unpacked where it is gzip; as nobody knows when it was fetched, it was now."""
    return Page(url=url, body=gzip.decompress(body) if body.startswith(GZIP) else body, fetched_at=datetime.now(UTC))


@cache
def _outlet_of(host: str) -> type[NewsSpider] | None:
    """Return the outlet that this host is of."""
    for outlet in outlets():
        if any(host == domain or host.endswith(f".{domain}") for domain in outlet.hosts):
            return outlet
    return None


def rules_for(url: str) -> Rules:
    """Return what the outlet of this address declares; of an unknown site nothing but its host is known."""
    host = urlsplit(url).hostname or ""
    outlet = _outlet_of(host)
    return outlet.rules() if outlet else Rules(outlet=host)


def answers(lines: Iterable[str]) -> Iterator[Json]:
    """Yield for each JSON line `{"path", "url"}`, in order, `{"ok": true, "result": …}` or `{"ok": false, "error"}`.

    Either says in seconds the `wall` and `cpu` time that the page took, without reading its file. Of a page that is
    no article the result says why, and has what was found of it.
    """
    for line in lines:
        if line.strip():
            yield _answer(line)


def _answer(line: str) -> Json:
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        job = json.loads(line)
        page = page_from(Path(job["path"]).read_bytes(), job["url"])
        wall, cpu = time.perf_counter(), time.process_time()
        answer = {"ok": True, "result": _result(page)}
    except NotAnArticle as error:
        answer = {"ok": False, "error": str(error)}
    except Exception as error:  # noqa: BLE001 - one page must not end the others, whatever it did
        answer = {"ok": False, "error": f"{type(error).__name__}: {error}"[:300]}
    return answer | {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


def _result(page: Page) -> Json:
    """Return the page's fields, and beside them title, authors, published and body as benchmarks call them."""
    fields = read_fields(page, rules_for(page.url))
    given = {name: _jsonable(found[0].value) for name, found in fields.items() if found}
    published = given.get("date_published")
    return given | {
        "is_article": is_article(fields),
        "title": given.get("headline"),
        "authors": given.get("author", []),
        "published": published[:10] if published and given.get("date_published_precision") == "day" else published,
        "body": "\n\n".join(given.get("article_body", ())),
    }


def articles_in(sources: Sequence[str], url: str | None, *, explain: bool = False) -> Iterator[Json]:
    """Yield the article of each page, or with `explain` what each rule says of each field.

    A source is a file, an http or https address, or `-` for standard input; `url` is where a saved page came from.
    Raises UsageError for a file that can't be read, OutletError for a page that can't be fetched, NotAnArticle for a
    page that holds none.
    """
    fetched = _fetch([source for source in sources if ADDRESS.match(source)])
    for source in sources:
        page = fetched.get(source) or _saved(source, url)
        if isinstance(page, WartaError):
            raise page
        yield _explained(page) if explain else _jsonable(asdict(extract_article(page, rules_for(page.url))))


def _fetch(urls: Sequence[str]) -> dict[str, Page | WartaError]:
    if not urls:
        return {}
    from scrapers.fetch import ssrf_guard  # Scrapy's reactor takes a second to load: only where it is needed
    from scrapers.fetch.pages import fetch_pages

    for outlet in filter(None, (_outlet_of(urlsplit(read_site(url)).hostname or "") for url in urls)):
        ssrf_guard.allow(outlet.allowed_networks, hosts=outlet.hosts, site=outlet.site)
    return fetch_pages(urls)


def _saved(path: str, url: str | None) -> Page:
    try:
        body = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    return page_from(body, url or f"file://{Path(path).absolute()}")


def _explained(page: Page) -> Json:
    """Return for each field its value, the rule and the raw text that gave it, and what the other rules say."""
    return {
        name: {"value": None}
        if not found
        else _candidate(found[0]) | {"others": [_candidate(other) for other in found[1:]]}
        for name, found in read_fields(page, rules_for(page.url)).items()
    }


def _candidate(found: Candidate[Any]) -> Json:
    raw = {"raw": found.raw} if found.raw is not None else {}
    return {"value": _jsonable(found.value), "rule": found.rule, **raw}


def _jsonable(value: Any) -> Any:
    """Return the value as JSON holds it: lists for tuples, objects for parts, ISO 8601 for instants."""
    return json.loads(
        json.dumps(value, default=lambda one: one.isoformat() if isinstance(one, datetime) else asdict(one))
    )
