"""Chooses the article that represents its cluster."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from scrapers.dedup.clusters.clustering import id_order

MIN_COMPLETE = 0.75  # of the cluster's median length: a shorter text counts as truncated


@dataclass(frozen=True, slots=True)
class Member:
    """What the choice needs of an article.

    `words` is the length without boilerplate; `syndicated` says that the article names another outlet as its source.
    """

    id: int | str
    words: int
    date: datetime | None = None
    syndicated: bool = False


def representative(members: Sequence[Member]) -> Member:
    """Return the representative: complete before truncated, own before syndicated, then the earliest, then by id.

    The order of the members doesn't matter. A date without a zone is taken as UTC; without a date, a member comes last.
    """
    complete = MIN_COMPLETE * statistics.median(member.words for member in members)
    return min(
        members,
        key=lambda one: (one.words < complete, one.syndicated, one.date is None, _utc(one.date), id_order(one.id)),
    )


def _utc(date: datetime | None) -> datetime:
    if date is None:
        return datetime.max.replace(tzinfo=UTC)
    return date if date.tzinfo else date.replace(tzinfo=UTC)
