"""What is stored, in bytes: by table, by outlet, by article, and in a year."""

import gzip
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from scrapers.storage.connection import dict_rows, query
from scrapers.storage.snapshots import read_snapshot
from scrapers.terminal import print_table, say

Row = dict[str, Any]
SAMPLE = 50  # raw pages that are compared with gzip
DAYS = 7  # of which the pace is taken


@dataclass(frozen=True, slots=True)
class RawPages:
    """Means of some raw pages, in bytes: as they came, as they are stored (with no dictionary's share), and in gzip."""

    pages: int
    raw: float
    stored: float
    gzip: float


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes in bytes; `tables` and `outlets` have a row each, `articles_a_day` is the mean of the last seven days."""

    tables: Sequence[Row]
    outlets: Sequence[Row]
    sample: RawPages | None
    total: int
    articles: int
    articles_a_day: float

    def an_article(self, size: int | None = None) -> float | None:
        """Return bytes by article, of all or of `size`; None where there are no articles."""
        return (self.total if size is None else size) / self.articles if self.articles else None

    def a_year(self) -> float | None:
        """Return what a year adds, where it brings as many articles a day and nothing is pruned."""
        each = self.an_article()
        return each and each * self.articles_a_day * 365

    def summary(self) -> str:
        """Return the size of it all in one line."""
        each, year = self.an_article(), self.a_year()
        if each is None or year is None:
            return f"{as_text(self.total)} in all, and no article yet"
        pace = f"a year of {self.articles_a_day:,.0f} articles a day adds {as_text(year)}"
        return f"{as_text(self.total)} in all, {as_text(each)} an article ({self.articles:,} articles); {pace}"


def sizes(connection: psycopg.Connection) -> Sizes:
    """Return what Warta's tables take, their indexes included; other databases of the server are not counted."""
    tables = dict_rows(connection, "table_sizes")
    articles = dict_rows(connection, "articles_by_outlet")
    raw_pages = dict_rows(connection, "snapshots_by_outlet")
    return Sizes(
        tables=tables,
        outlets=list(_by_outlet(articles, raw_pages)),
        sample=sample(connection),
        total=sum(row["table_bytes"] + row["index_bytes"] for row in tables),
        articles=sum(row["articles"] for row in articles),
        articles_a_day=_pace(articles),
    )


def _by_outlet(articles: Sequence[Row], raw_pages: Sequence[Row]) -> Iterator[Row]:
    counts = {row["outlet"]: row["articles"] for row in articles}
    kept = {row["outlet"]: row for row in raw_pages}
    nothing = {"raw_pages": 0, "bytes": 0, "stored_bytes": 0}
    for outlet in sorted(counts.keys() | kept.keys()):
        yield {"outlet": outlet, "articles": counts.get(outlet, 0)} | nothing | kept.get(outlet, {})


def _pace(articles: Sequence[Row]) -> float:
    """Return articles a day of the last seven days, or of as many as there are."""
    if not articles:
        return 0.0
    age = datetime.now(UTC) - min(row["first_seen_at"] for row in articles)
    days = min(max(age, timedelta(days=1)), timedelta(days=DAYS)) / timedelta(days=1)
    return float(sum(row["of_seven_days"] for row in articles) / days)


def sample(connection: psycopg.Connection, most: int = SAMPLE) -> RawPages | None:
    """Return the means of some raw pages, taken at random; None where none are kept in Postgres."""
    rows: list[tuple[bytes, int]] = []
    for start in (secrets.token_bytes(32), b""):  # hashes are evenly spread; after the last comes the first
        asked = {"sha256": start, "limit": most - len(rows)}
        rows += connection.execute(query("snapshots_from"), asked).fetchall()
    stored = dict(rows)
    bodies = [read_snapshot(connection, digest) or b"" for digest in stored]
    if not bodies:
        return None
    zipped = [len(gzip.compress(body)) for body in bodies]
    means = (sum(lengths) / len(bodies) for lengths in (map(len, bodies), stored.values(), zipped))
    return RawPages(len(bodies), *means)


def as_json(found: Sizes) -> Row:
    """Return the sizes as `warta db size --json` prints them."""
    return asdict(found) | {"bytes_an_article": found.an_article(), "bytes_a_year": found.a_year()}


def print_sizes(found: Sizes) -> None:
    """Print a line a table, then a raw page beside gzip, then it all and what a year adds."""
    columns = ("table", "bytes", "of it indexes", "rows", "an article")
    lines = [
        (row["name"], as_text(size), as_text(row["index_bytes"]), _count(row["rows"]), as_text(found.an_article(size)))
        for row in found.tables
        if (size := row["table_bytes"] + row["index_bytes"])
    ]
    print_table(columns, lines, right=columns[1:])
    if found.sample:
        raw, stored, zipped = map(as_text, (found.sample.raw, found.sample.stored, found.sample.gzip))
        say(f"a raw page has {raw}, takes {stored}, and would take {zipped} in gzip ({found.sample.pages} at random)")
    say(found.summary())


def _count(rows: int | None) -> str:
    return "" if rows is None else f"{rows:,}"


def as_text(size: float | None) -> str:
    """Return bytes in the unit that suits them, a thousand of each in the next; empty for None."""
    if size is None:
        return ""
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} B" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
