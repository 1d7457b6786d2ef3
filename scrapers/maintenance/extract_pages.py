"""What `warta extract` does: reading saved or fetched pages one by one."""

import gzip
import json
import re
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapers.errors import NotAnArticle, UsageError, WartaError
from scrapers.extract.article import extract_article, is_article, read_fields
from scrapers.extract.candidate import Candidate
from scrapers.extract.page import Page, Rules
from scrapers.spiders import outlet_of
from scrapers.spiders.arguments import read_site

Json = dict[str, Any]
ADDRESS = re.compile(r"https?://", re.IGNORECASE)
GZIP = b"\x1f\x8b"  # RFC 1952, section 2.3.1


def page_from(body: bytes, url: str) -> Page:
    """Return a saved page, decompressed if it is gzip; the time of its fetch is unknown, so it is now."""
    return Page(url=url, body=gzip.decompress(body) if body.startswith(GZIP) else body, fetched_at=datetime.now(UTC))


def rules_for(url: str) -> Rules:
    """Return the rules of the outlet of this address; for an unknown site only its host is known."""
    host = urlsplit(url).hostname or ""
    outlet = outlet_of(host)
    return outlet.rules() if outlet else Rules(outlet=host)


def answers(lines: Iterable[str]) -> Iterator[Json]:
    """Yield for each JSON line `{"path", "url"}`, in order, `{"ok": true, "result": …}` or `{"ok": false, "error": …}`.

    Each answer has the `wall` and `cpu` time of the page in seconds, without reading its file. For a page that is no
    article the result says so, and holds what was found.
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
    """Return the page's fields, and with them title, authors, published and body, as benchmarks call these."""
    fields = read_fields(page, rules_for(page.url))
    given = {name: _to_json(candidates[0].value) for name, candidates in fields.items() if candidates}
    published = given.get("date_published")
    return given | {
        "is_article": is_article(fields),
        "title": given.get("headline"),
        "authors": given.get("author", []),
        "published": published[:10] if published and given.get("date_published_precision") == "day" else published,
        "body": "\n\n".join(given.get("article_body", ())),
    }


def articles_in(sources: Sequence[str], url: str | None, *, explain: bool = False) -> Iterator[Json]:
    """Yield the article of each page, or with `explain` all candidates for each field.

    A source is a file, an http(s) address, or `-` for standard input; `url` is the address of a saved page. Raises
    UsageError for a file that can't be read, OutletError for a page that can't be fetched, NotAnArticle for a page
    without an article.
    """
    fetched = _fetch([source for source in sources if ADDRESS.match(source)])
    for source in sources:
        page = fetched.get(source) or _saved(source, url)
        if isinstance(page, WartaError):
            raise page
        yield _explain(page) if explain else _to_json(asdict(extract_article(page, rules_for(page.url))))


def _fetch(urls: Sequence[str]) -> dict[str, Page | WartaError]:
    if not urls:
        return {}
    from scrapers.fetch import ssrf_guard  # Scrapy's reactor is slow to import
    from scrapers.fetch.pages import fetch_pages

    for outlet in filter(None, (outlet_of(urlsplit(read_site(url)).hostname or "") for url in urls)):
        ssrf_guard.allow(outlet.allowed_networks, hosts=outlet.hosts, site=outlet.site)
    return fetch_pages(urls)


def _saved(path: str, url: str | None) -> Page:
    try:
        body = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    return page_from(body, url or f"file://{Path(path).absolute()}")


def _explain(page: Page) -> Json:
    """Return for each field the best candidate's value, rule and raw text, and the other candidates."""
    return {
        name: {"value": None}
        if not candidates
        else _describe(candidates[0]) | {"others": [_describe(candidate) for candidate in candidates[1:]]}
        for name, candidates in read_fields(page, rules_for(page.url)).items()
    }


def _describe(candidate: Candidate[Any]) -> Json:
    raw = {"raw": candidate.raw} if candidate.raw is not None else {}
    return {"value": _to_json(candidate.value), "rule": candidate.rule, **raw}


def _to_json(value: Any) -> Any:
    """Return the value as JSON represents it: lists for tuples, objects for dataclasses, ISO 8601 for instants."""
    return json.loads(
        json.dumps(value, default=lambda item: item.isoformat() if isinstance(item, datetime) else asdict(item))
    )
