"""A fetched page as the ledger keeps it, and as extraction takes it."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime

from scrapy.http import Response

from scrapers.extract.page import Page
from scrapers.fetch.opt_outs import opt_outs
from scrapers.items import Announced, Fetch, LeasedPage


def kept(fetch: Fetch, response: Response, *, agent: str, respects: Collection[str]) -> Fetch:
    """Return the fetch with its body, unless the answer asks for no copy, and with what it asks for."""
    declared = opt_outs(response, agent)
    is_archived = not ("noarchive" in declared and "noarchive" in respects)
    return replace(fetch, size=len(response.body), opt_outs=declared, body=response.body if is_archived else None)


def page_of(response: Response) -> Page:
    """Return the response as extraction takes it."""
    content_type = response.headers.get("Content-Type")
    page: LeasedPage | None = response.request.meta.get("page") if response.request else None  # none in `scrapy shell`
    return Page(
        url=response.url,
        body=response.body,
        content_type=content_type.decode("latin-1") if content_type else None,
        fetched_at=datetime.now(UTC),
        announced=page.announced if page else Announced(),
    )
