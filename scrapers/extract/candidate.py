"""What a page's layers say of a field, each value with the rule that gave it; and an Article made of the best."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from scrapers.items import Article

T = TypeVar("T")


@dataclass(slots=True)  # a page has sixty; frozen ones take thrice as long to make
class Found(Generic[T]):
    """A value that a page holds, the rule that found it, such as `meta:og:title`, and the text it was read from.

    `raw` is None where the value is the text itself.
    """

    value: T
    rule: str
    raw: str | None = None


Fields = Mapping[str, Sequence[Found[Any]]]
"""For each field of Article all that was found, the best first; nothing where the page says nothing."""


def some(*candidates: Found[T] | None) -> list[Found[T]]:
    """Return the candidates that were found, in their order."""
    return [candidate for candidate in candidates if candidate]


def best(fields: Fields) -> dict[str, Found[Any] | None]:
    """Return the best of what was found for each field."""
    return {name: found[0] for name, found in fields.items() if found}


def article_of(outlet: str, url: str, found: Mapping[str, Found[Any] | None]) -> Article:
    """Return the article whose fields are those found; `provenance` names the rule of each."""
    fields = {name: field for name, field in found.items() if field}
    return Article(
        outlet=outlet,
        url=url,
        provenance={name: field.rule for name, field in fields.items()},
        **{name: field.value for name, field in fields.items()},
    )
