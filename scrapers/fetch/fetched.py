"""A fetched page as extraction takes it."""

from datetime import UTC, datetime

from scrapy.http import Response

from scrapers.extract.page import Page


def page_of(response: Response) -> Page:
    """Return the response as extraction takes it."""
    content_type = response.headers.get("Content-Type")
    return Page(
        url=response.url,
        body=response.body,
        content_type=content_type.decode("latin-1") if content_type else None,
        fetched_at=datetime.now(UTC),
    )
