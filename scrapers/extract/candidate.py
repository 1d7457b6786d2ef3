"""Candidates for the fields of an Article, each with the rule that gave it, and the Article made of the best ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from scrapers.items import Article

T = TypeVar("T")


@dataclass(slots=True)  # not frozen: a page has sixty, and frozen ones take three times as long to create
class Candidate(Generic[T]):
    """A value for a field, the rule that gave it, such as `meta:og:title`, and the text that it was read from.

    `raw` is None where the value is that text itself.
    """

    value: T
    rule: str
    raw: str | None = None


Fields = Mapping[str, Sequence[Candidate[Any]]]
"""The candidates for each field of Article, best first; an empty list where the page gives none."""


def present(*candidates: Candidate[T] | None) -> list[Candidate[T]]:
    """Return the candidates that are not None, in the same order."""
    return [candidate for candidate in candidates if candidate]


def best_candidates(fields: Fields) -> dict[str, Candidate[Any] | None]:
    """Return the first candidate for each field that has any."""
    return {name: candidates[0] for name, candidates in fields.items() if candidates}


def build_article(outlet: str, url: str, candidates: Mapping[str, Candidate[Any] | None]) -> Article:
    """Build the article from one candidate a field; `provenance` names the rule of each field."""
    present_candidates = {name: candidate for name, candidate in candidates.items() if candidate}
    return Article(
        outlet=outlet,
        url=url,
        provenance={name: candidate.rule for name, candidate in present_candidates.items()},
        **{name: candidate.value for name, candidate in present_candidates.items()},
    )
