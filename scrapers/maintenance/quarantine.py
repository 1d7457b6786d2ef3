"""Quarantined pages: what could not be read or stored is read again from its kept bytes, or dropped."""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psycopg

from scrapers.errors import NotAnArticle, UsageError, one_line
from scrapers.extract.page import Page
from scrapers.extract.process_pool import ProcessPool
from scrapers.items import CrawlScope, LeasedPage, PageResult
from scrapers.spiders import outlets
from scrapers.storage import articles, ledger, runs
from scrapers.storage.connection import connect, dict_rows
from scrapers.storage.snapshots import read_snapshot

if TYPE_CHECKING:
    from scrapers.spiders.base import NewsSpider

Row = dict[str, Any]

logger = logging.getLogger(__name__)


def quarantined(
    connection: psycopg.Connection, *, outlet: str | None = None, urls: Sequence[str] | None = None
) -> list[Row]:
    """Return the quarantined pages, of one outlet or of these addresses; raises UsageError for one that is none."""
    rows = dict_rows(connection, "quarantined_pages", outlet=outlet, urls=list(urls) if urls else None)
    for url in set(urls or ()) - {row["url"] for row in rows}:
        raise UsageError(f"{url} is not in quarantine (`warta quarantine list` shows what is, `warta why` the rest)")
    return rows


def body_of(connection: psycopg.Connection, page: Row) -> bytes:
    """Return the bytes that were kept of a page; raises UsageError where none were."""
    body = read_snapshot(connection, page["snapshot_sha256"])
    if body is None:
        raise UsageError(f"no bytes of {page['url']} were kept: `scrapy crawl {page['outlet']} -a urls={page['url']}`")
    return body


def replay(connection: psycopg.Connection, pages: Sequence[Row]) -> Iterator[tuple[str, str, str | None]]:
    """Read each page again from its bytes, as its outlet's rules are now; yield its address, new state and reason."""
    with ProcessPool(1) as workers:
        for page, leased, run_id in _leased(connection, pages, "replay"):
            result = _read(connection, workers, page, leased)
            state = articles.store(connection, run_id, [result])[leased.page_id]
            yield page["url"], state, result.reason


def replay_form(form: Mapping[str, Any]) -> dict[str, int]:
    """Read again the pages that the form of the Dag `quarantine` names; return how many came into each state.

    Raises UsageError where its `url` is not in quarantine, and DatabaseError.
    """
    with connect() as connection:
        pages = quarantined(connection, outlet=form["outlet"], urls=[form["url"]] if form["url"] else None)
        states = Counter[str]()
        for url, state, reason in replay(connection, pages):
            logger.info("%s: %s %s", url, state, reason or "")
            states[state] += 1
    return dict(states)


def drop(connection: psycopg.Connection, pages: Sequence[Row], reason: str) -> Iterator[str]:
    """Reject each page for good, for this reason; yield its address. Its bytes stay."""
    for page, leased, run_id in _leased(connection, pages, "drop"):
        result = PageResult(page=leased, state="rejected", reason=f"dropped: {reason}")
        articles.store(connection, run_id, [result])
        yield page["url"]


def _leased(
    connection: psycopg.Connection, pages: Sequence[Row], action: str
) -> "Iterator[tuple[Row, LeasedPage, Any]]":
    """Yield each page with its lease, in a run for each outlet; what another run has taken meanwhile is left out."""
    for outlet in dict.fromkeys(page["outlet"] for page in pages):
        run_id = uuid4()
        runs.begin_run(connection, run_id, outlet=outlet, kind="quarantine", arguments={"action": action})
        outcome, reason = "interrupted", "it broke off"
        try:
            for page in (page for page in pages if page["outlet"] == outlet):
                for leased in ledger.lease(connection, run_id, outlet, 1, CrawlScope(urls=[page["url"]])):
                    yield page, leased, run_id
            outcome, reason = "succeeded", ""
        finally:
            runs.finish_run(connection, run_id, outcome, reason or None)


def _read(connection: psycopg.Connection, workers: ProcessPool, page: Row, leased: LeasedPage) -> PageResult:
    """Return the article that the page's bytes hold, or why it stays where it is."""
    spider = spider_of(page["outlet"])
    try:
        kept = Page(
            url=page["url"],
            body=body_of(connection, page),
            content_type=page["content_type"],
            fetched_at=page["requested_at"],
        )
        article = asyncio.run(workers.read(kept, spider.rules())).article
    except NotAnArticle as error:
        article = error
    except Exception as error:  # noqa: BLE001 - whatever it was before, it may be again: the page keeps its error
        return PageResult(page=leased, state="quarantined", reason=one_line(error))
    if isinstance(article, NotAnArticle):
        return PageResult(page=leased, state="rejected", reason=article.reason)
    article = replace(article, canonical_url=spider.article_url(article.canonical_url))
    return PageResult(page=leased, article=article, snapshot=page["snapshot_sha256"], revisit=spider.revisit_after)


def spider_of(outlet: str) -> "type[NewsSpider]":
    """Return the rules of an outlet of the ledger: those declared, or those of any site for one known by its domain."""
    from scrapers.spiders.news import AnySiteSpider

    declared = {spider.name: spider for spider in outlets()}
    return declared.get(outlet) or AnySiteSpider.of_site(f"https://{outlet}/")
