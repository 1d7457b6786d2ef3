"""Articles that were taken down are not stored again, under whatever address they come back."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256

import psycopg

from scrapers.items import Article, PageResult
from scrapers.storage.connection import query
from scrapers.urls import url_key

TAKEN_DOWN = "taken_down"  # the reason of such pages


def forms(urls: Iterable[str | None]) -> dict[bytes, str]:
    """Return the addresses and what each has in common with its other forms, by their SHA-256."""
    known = {url for url in urls if url}
    return {sha256(text.encode()).digest(): text for text in sorted(known | {url_key(url) for url in known})}


def without_taken_down(connection: psycopg.Connection, results: Sequence[PageResult]) -> Sequence[PageResult]:
    """Return the results; those of articles that were taken down are rejected and have neither text nor bytes."""
    if not results or connection.execute(query("has_takedowns")).fetchone() == (False,):
        return results
    places, hashes = zip(*_addresses(results), strict=True)
    told = [
        (place, article) for place, result in enumerate(results) if (article := result.article) and article.identifier
    ]
    given = {
        "place": list(places),
        "url_sha256": list(hashes),
        "article": [place for place, _ in told],
        "outlet": [article.outlet for _, article in told],
        "identifier": [article.identifier for _, article in told],
    }
    dropped = {place for (place,) in connection.execute(query("taken_down"), given)}
    return [_emptied(result) if place in dropped else result for place, result in enumerate(results)]


def _addresses(results: Sequence[PageResult]) -> Iterator[tuple[int, bytes]]:
    for place, result in enumerate(results):
        urls = (result.page.url, result.address, *_urls(result.article))
        yield from ((place, digest) for digest in forms(urls))


def _urls(article: Article | None) -> tuple[str | None, ...]:
    return (article.url, article.canonical_url, article.amp_url) if article else ()


def _emptied(result: PageResult) -> PageResult:
    fetches = tuple(replace(fetch, body=None, request_head=None, response_head=None) for fetch in result.fetches)
    return replace(
        result,
        article=None,
        state="rejected",
        reason=TAKEN_DOWN,
        snapshot=None,
        fetches=fetches,
        etag=None,
        last_modified=None,
        content_sha256=None,
    )
