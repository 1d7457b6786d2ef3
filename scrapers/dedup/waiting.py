"""Deduplication of what waits; where nothing does, without the second that numba takes to be loaded."""

from scrapers.storage.connection import connect, query

COUNTED = ("articles", "canonical_url", "outlet_id", "exact_content", "near_duplicate", "refused", "revoked")


def deduplicate_waiting(dsn: str | None = None) -> dict[str, int]:
    """Do and return what `incremental.deduplicate` does and returns."""
    with connect(dsn) as connection:
        if connection.execute(query("nothing_waits_for_dedup")).fetchone() == (True,):
            return dict.fromkeys(COUNTED, 0)
    from scrapers.dedup.incremental import deduplicate

    return deduplicate(dsn)
