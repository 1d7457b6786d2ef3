"""What a page lacks and its feeds say: evidence for the instant, the author and the headline, and for nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Any

from scrapers.extract.page import Rules
from scrapers.extract.text.bylines import author_names, is_person
from scrapers.extract.text.clean import compact
from scrapers.items import Announced, Article

FIRST, LAST = datetime(1900, 1, 2, tzinfo=UTC), datetime(9998, 12, 31, tzinfo=UTC)
DAY, SECOND = "day", "second"  # precisions


@dataclass(frozen=True, slots=True)
class Stored:
    """What an article was stored with: `content` of its newest revision, with the rules and the precision of that."""

    content: Mapping[str, Any]
    provenance: Mapping[str, str]
    precision: str | None = None

    def by_feed(self, name: str) -> bool:
        """Return whether a feed gave the field."""
        return self.provenance.get(name, "").startswith("feed:")

    @property
    def published(self) -> datetime | None:
        """Return when it was published, in UTC."""
        said = self.content.get("date_published")
        return datetime.fromisoformat(said) if said else None


def complete(article: Article, said: Announced) -> Article:
    """Return the article with the instant and the author that its page lacks and a feed gives.

    A feed's instant counts where the page dates the article not at all, or by that very day (on the clock that its date
    was read by); its author where it is a person and the page names nobody. Completed twice, it stays the same.
    """
    article = _with_instant(article, said.published)
    names = _people(article, said.author) if not article.author else ()
    return _filled(article, "author", "feed:author", author=names) if names else article


def settled(article: Article, stored: Stored, *, gains: bool) -> Article:
    """Return the article with what it was stored with, where only feeds say otherwise and not its page.

    Feeds drop items, and name other instants and people tomorrow: that is no edit of the article. With `gains`, for a
    revision that is due anyway, what was unknown then is taken from feeds now.
    """
    lacked_author = gains and not stored.content["author"]
    if _by_feed(article, "headline"):
        rule = stored.provenance.get("headline", "")
        article = _filled(article, "headline", rule, headline=stored.content["headline"])
    if (_by_feed(article, "author") and not lacked_author) or (not article.author and stored.by_feed("author")):
        rule = stored.provenance.get("author", "")
        article = _filled(article, "author", rule, author=tuple(stored.content["author"]))
    if _is_date_kept(article, stored, gains=gains):
        rule, precision = stored.provenance.get("date_published", ""), stored.precision
        values = {"date_published": stored.published, "date_published_precision": precision}
        article = _filled(article, "date_published", rule, **values)
    return article


def _is_date_kept(article: Article, stored: Stored, *, gains: bool) -> bool:
    if _by_feed(article, "date_published"):
        was_open = stored.published is None or (stored.precision == DAY and not stored.by_feed("date_published"))
        return not (gains and was_open)
    if not stored.by_feed("date_published"):
        return False
    then, now = stored.published, article.date_published
    is_same_day = bool(then and now and then.astimezone(now.tzinfo).date() == now.date())
    return now is None or (article.date_published_precision == DAY and is_same_day)


def _with_instant(article: Article, instant: datetime | None) -> Article:
    if instant is None or not FIRST <= instant <= LAST:
        return article
    day, is_open = article.date_published, article.date_published_precision == DAY
    if day is not None:
        instant = instant.astimezone(day.tzinfo)
        if not is_open or instant.date() != day.date():
            return article
    is_day = any(one.time() == time() for one in (instant, instant.astimezone(UTC)))  # a feed that gives days alone
    if is_day and day is not None:
        return article
    values = {"date_published": instant, "date_published_precision": DAY if is_day else SECOND}
    return _filled(article, "date_published", "feed:published", **values)


def _people(article: Article, names: Sequence[str]) -> tuple[str, ...]:
    """Return the people whom a feed names; neither `Admin` nor the outlet, its domain or a desk is one."""
    rules = Rules(outlet=article.outlet, publisher=article.publisher)
    own = frozenset({compact(article.outlet.split(".")[0]), compact(article.outlet)})
    return tuple(name for name in author_names(names, rules, own) if is_person(name))


def _by_feed(article: Article, name: str) -> bool:
    return article.provenance.get(name, "").startswith("feed:")


def _filled(article: Article, name: str, rule: str, **values: Any) -> Article:
    rules = {**article.provenance, name: rule}
    if "date_published_precision" in values:
        rules["date_published_precision"] = rule
    return replace(article, **values, provenance={key: said for key, said in rules.items() if said})
