"""Which article stands for its cluster."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from scrapers.dedup.linkage import id_order

COMPLETE = 0.75  # of the cluster's median length: a shorter text is a truncated one


@dataclass(frozen=True, slots=True)
class Member:
    """What the choice needs: `words` of the text without boilerplate; `syndicated` where it names whom it is from."""

    id: int | str
    words: int
    date: datetime | None = None
    syndicated: bool = False


def representative(members: Sequence[Member]) -> Member:
    """Return the member that stands for all: complete, then its outlet's own, then the earliest, then the lowest id.

    The choice depends on nothing but the members. A date without a zone is taken as UTC; no date is the latest.
    """
    complete = COMPLETE * statistics.median(member.words for member in members)
    return min(
        members,
        key=lambda one: (one.words < complete, one.syndicated, one.date is None, _utc(one.date), id_order(one.id)),
    )


def _utc(date: datetime | None) -> datetime:
    if date is None:
        return datetime.max.replace(tzinfo=UTC)
    return date if date.tzinfo else date.replace(tzinfo=UTC)
