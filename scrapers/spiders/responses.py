"""A Scrapy response as extraction takes it."""

from datetime import UTC, datetime

from scrapy.http import Response

from scrapers.extract.page import Page
from scrapers.items import Announced


def to_page(response: Response, announced: Announced | None = None) -> Page:
    """Return the response as a page that was fetched now, with what feeds have announced of it."""
    content_type = response.headers.get("Content-Type")
    return Page(
        url=response.url,
        body=response.body,
        content_type=content_type.decode("latin-1") if content_type else None,
        fetched_at=datetime.now(UTC),
        announced=announced or Announced(),
    )
