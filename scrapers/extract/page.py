"""What extraction reads: a page's bytes with where they came from, and what the outlet declares."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from scrapers.items import Announced


@dataclass(frozen=True, slots=True)
class Page:
    """A fetched page: the address it was read from, its bytes as sent (decompressed), its header, what feeds say."""

    url: str
    body: bytes
    content_type: str | None = None
    fetched_at: datetime | None = None
    announced: Announced = field(default_factory=Announced)


@dataclass(frozen=True, slots=True)
class Rules:
    """What an outlet declares of its pages, for what the pages don't say themselves.

    `selectors` maps a field of Article to a CSS selector; besides these `caption` is the lead image's, and
    `related` a card, in which `related.headline`, `related.article_section` and `related.relative_age` stand.
    A selector may end in parsel's `::attr(name)`. `article_body` selects the body, the first element that has text;
    a tuple of selectors its parts. `remove` are selectors of what stands inside the body and is not of the article;
    `time_zone` is the IANA zone of dates printed without one, and with `utc_is_local` of those that end in `Z` or
    `+00:00` too. `article_id` is a pattern whose last group is the article's number in its host and path; the selector
    `wrapped` tells a page that only frames one of another site.
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
