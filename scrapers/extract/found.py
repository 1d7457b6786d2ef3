"""A value with the rule that gave it, and an Article made of such values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from scrapers.items import Article

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value that a page holds, and the rule that found it, such as `meta:og:title`."""

    value: T
    rule: str


def first(*candidates: Found[T] | None) -> Found[T] | None:
    """Return the first candidate that was found."""
    return next((candidate for candidate in candidates if candidate), None)


def article_of(outlet: str, url: str, found: Mapping[str, Found[Any] | None]) -> Article:
    """Return the article whose fields are those found; `provenance` names the rule of each."""
    fields = {name: field for name, field in found.items() if field}
    return Article(
        outlet=outlet,
        url=url,
        provenance={name: field.rule for name, field in fields.items()},
        **{name: field.value for name, field in fields.items()},
    )
