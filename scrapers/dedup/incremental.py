"""Deduplicates the articles that wait, in batches; `batch.py` says how.

What compares texts is imported only where an article waits: most runs find none, and numba takes most of a second to
load.
"""

from collections.abc import Mapping

from scrapers.storage.connection import connect, query

BATCH_SIZE = 1_000  # articles a transaction; 14 MB more than 500, and twice as many are no faster
COUNTED = (
    "articles",
    "canonical_url",
    "outlet_id",
    "exact_content",
    "near_duplicate",
    "contains",
    "refused",
    "revoked",
)


def is_idle(dsn: str | None = None) -> bool:
    """Return whether no article waits, except those that another process has claimed."""
    with connect(dsn) as connection:
        return connection.execute(query("nothing_waits_for_dedup")).fetchone() == (True,)


def deduplicate(dsn: str | None = None, *, batch: int = BATCH_SIZE) -> dict[str, int]:
    """Process all articles that wait; return how many, and the decisions made on each layer, refused and revoked.

    It may run at any time, in any number of processes, and may be killed: the next run does what is left.
    """
    counts = dict.fromkeys(COUNTED, 0)
    if is_idle(dsn):
        return counts
    from scrapers.dedup.batch import process_batches
    from scrapers.dedup.learning import learn
    from scrapers.dedup.stories.grouping import group

    with connect(dsn) as connection:
        learn(connection)
    counts |= process_batches(dsn, size=batch)
    group(dsn)
    return counts


def summary(counts: Mapping[str, int]) -> str:
    """Return the counts as `warta dedup` prints them, a line each."""
    return "".join(f"{count:8d}  {name}\n" for name, count in {**dict.fromkeys(COUNTED, 0), **counts}.items())


def rebuild(dsn: str | None = None) -> int:
    """Let all articles wait to be looked at again; return how many. Decisions and clusters stand until then."""
    with connect(dsn) as connection:
        return connection.execute(query("queue_all_for_dedup")).rowcount
