"""Filling in what a page lacks from its feeds: the instant of publication and the author.

Announcements are hints: they never replace what the page itself says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Any

from scrapers.extract.page import Rules
from scrapers.extract.text.bylines import author_names, is_person
from scrapers.extract.text.clean import compact
from scrapers.items import Announced, Article

EARLIEST_STORABLE, LATEST_STORABLE = datetime(1900, 1, 2, tzinfo=UTC), datetime(9998, 12, 31, tzinfo=UTC)
DAY_PRECISION, SECOND_PRECISION = "day", "second"  # precisions


@dataclass(frozen=True, slots=True)
class StoredRevision:
    """The newest stored revision of an article: its content, the rule of each field, and the precision of its date."""

    content: Mapping[str, Any]
    provenance: Mapping[str, str]
    precision: str | None = None

    def is_from_feed(self, name: str) -> bool:
        """Return whether a feed gave the field."""
        return self.provenance.get(name, "").startswith("feed:")

    @property
    def published(self) -> datetime | None:
        """The stored date of publication."""
        value = self.content.get("date_published")
        return datetime.fromisoformat(value) if value else None


def add_feed_evidence(article: Article, announced: Announced) -> Article:
    """Return the article with the instant and the author that its page lacks and a feed gives; idempotent.

    The instant is taken where the page gives no date, or only that very day on its own clock; the author where the page
    names nobody and the feed names a person.
    """
    article = _with_instant(article, announced.published)
    names = _people(article, announced.author) if not article.author else ()
    return _replaced(article, "author", "feed:author", author=names) if names else article


def keep_stored_evidence(article: Article, stored: StoredRevision, *, is_due: bool) -> Article:
    """Return the article with its stored values where only feeds, not the page, say otherwise.

    Feeds drop items and change what they say of them; that is no edit of the article. If a new revision `is_due`
    anyway, values that were unknown then are taken from the feeds now.
    """
    if _is_from_feed(article, "headline"):
        rule = stored.provenance.get("headline", "")
        article = _replaced(article, "headline", rule, headline=stored.content["headline"])
    if _is_author_kept(article, stored, is_due=is_due):
        rule = stored.provenance.get("author", "")
        article = _replaced(article, "author", rule, author=tuple(stored.content["author"]))
    if _is_date_kept(article, stored, is_due=is_due):
        rule, precision = stored.provenance.get("date_published", ""), stored.precision
        values = {"date_published": stored.published, "date_published_precision": precision}
        article = _replaced(article, "date_published", rule, **values)
    return article


def _is_author_kept(article: Article, stored: StoredRevision, *, is_due: bool) -> bool:
    if _is_from_feed(article, "author") and not (is_due and not stored.content["author"]):
        return True
    return not article.author and stored.is_from_feed("author")


def _is_date_kept(article: Article, stored: StoredRevision, *, is_due: bool) -> bool:
    if _is_from_feed(article, "date_published"):
        was_open = stored.published is None or (
            stored.precision == DAY_PRECISION and not stored.is_from_feed("date_published")
        )
        return not (is_due and was_open)
    if not stored.is_from_feed("date_published"):
        return False
    then, now = stored.published, article.date_published
    is_same_day = bool(then and now and then.astimezone(now.tzinfo).date() == now.date())
    return now is None or (article.date_published_precision == DAY_PRECISION and is_same_day)


def _with_instant(article: Article, instant: datetime | None) -> Article:
    if instant is None or not EARLIEST_STORABLE <= instant <= LATEST_STORABLE:
        return article
    day, is_open = article.date_published, article.date_published_precision == DAY_PRECISION
    if day is not None:
        instant = instant.astimezone(day.tzinfo)
        if not is_open or instant.date() != day.date():
            return article
    is_day = any(clock.time() == time() for clock in (instant, instant.astimezone(UTC)))  # a feed that gives only days
    if is_day and day is not None:
        return article
    values = {"date_published": instant, "date_published_precision": DAY_PRECISION if is_day else SECOND_PRECISION}
    return _replaced(article, "date_published", "feed:published", **values)


def _people(article: Article, names: Sequence[str]) -> tuple[str, ...]:
    """Return the people whom a feed names, without the outlet itself, desks and placeholders such as `Admin`."""
    rules = Rules(outlet=article.outlet, publisher=article.publisher)
    outlet_names = frozenset({compact(article.outlet.split(".")[0]), compact(article.outlet)})
    return tuple(name for name in author_names(names, rules, outlet_names) if is_person(name))


def _is_from_feed(article: Article, name: str) -> bool:
    return article.provenance.get(name, "").startswith("feed:")


def _replaced(article: Article, name: str, rule: str, **values: Any) -> Article:
    rules = {**article.provenance, name: rule}
    if "date_published_precision" in values:
        rules["date_published_precision"] = rule
    return replace(article, **values, provenance={key: rule for key, rule in rules.items() if rule})
