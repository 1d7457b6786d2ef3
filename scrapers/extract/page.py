"""The input of extraction: a page as fetched, and what its outlet declares of its pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from scrapers.items import Announced


@dataclass(frozen=True, slots=True)
class Page:
    """A fetched page: its address, its decompressed body, its Content-Type, and what feeds announced of it."""

    url: str
    body: bytes
    content_type: str | None = None
    fetched_at: datetime | None = None
    announced: Announced = field(default_factory=Announced)


@dataclass(frozen=True, slots=True)
class Rules:
    """What an outlet declares of its pages, where the pages themselves don't.

    `selectors` maps a field of Article to a CSS selector, which may end in parsel's `::attr(name)`. Besides the fields,
    `caption` selects the lead image's caption, `wrapped` marks a page that only frames one of another site, and
    `related` selects a card, in which `related.headline`, `related.article_section` and `related.relative_age` select
    its parts. `article_body` selects the body: with one selector the first element that has text, with a tuple all
    matches. `remove` selects what stands inside the body and is no part of the article. `time_zone` is the IANA zone of
    dates printed without one; with `utc_is_local` also of those that end in `Z` or `+00:00`. `article_id` is a pattern
    whose last group is the article's number in its host and path.
    """

    outlet: str
    publisher: str | None = None
    in_language: str | None = None
    time_zone: str = "UTC"
    selectors: Mapping[str, str] = field(default_factory=dict)
    article_body: str | tuple[str, ...] | None = None
    utc_is_local: bool = False
    article_id: str | None = None
    remove: tuple[str, ...] = ()
