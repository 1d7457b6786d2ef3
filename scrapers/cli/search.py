"""Full-text search: `warta search`."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scrapers.cli.options import UtcDay
from scrapers.errors import UsageError
from scrapers.terminal import print_table, say, say_json

if TYPE_CHECKING:
    from scrapers.publish.search import Count, DayCount, Hit, Page, RevisionHit


def search(
    query: Annotated[str, typer.Argument(help='Words, "a phrase", OR, -without, begin*.')],
    outlet: Annotated[str | None, typer.Option(help="Only articles of this outlet.")] = None,
    since: UtcDay = None,
    until: UtcDay = None,
    section: Annotated[str | None, typer.Option(help="Only of this section, as the outlet names it.")] = None,
    author: Annotated[str | None, typer.Option(help="Only by this author, the whole name.")] = None,
    language: Annotated[str, typer.Option(help="The language of QUERY (BCP 47), for other forms of its words.")] = "id",
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=500, help="How many.")] = 20,
    after: Annotated[str | None, typer.Option(help="Go on after this place, which the page before names.")] = None,
    best: Annotated[bool, typer.Option("--best", help="The most relevant of the newest 500 first.")] = False,
    revisions: Annotated[bool, typer.Option("--revisions", help="What edited articles ever said, and when.")] = False,
    count: Annotated[bool, typer.Option("--count", help="Show only how many there are.")] = False,
    by_day: Annotated[bool, typer.Option("--by-day", help="Show only how many, by day and outlet.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON lines.")] = False,
) -> None:
    """Search headlines and texts; the newest articles first.

    Capitals and accents make no difference. A word finds its other forms too, a word in quotes does not. --by-day shows
    the last 30 days unless --since says otherwise.
    """
    from scrapers.publish import search as publish
    from scrapers.storage.connection import connect

    if best + revisions + count + by_day > 1:
        raise UsageError("--best, --revisions, --count and --by-day exclude each other: give one of them")
    asked = publish.Search(query, outlet, **_times(since, until), section=section, author=author, in_language=language)
    with connect() as connection:
        if count:
            _print_count(publish.count(connection, asked), as_json=as_json)
        elif by_day:
            _print_days(publish.count_by_day(connection, asked), as_json=as_json)
        elif revisions:
            _print_page(publish.find_revisions(connection, asked, limit=limit, after=after), as_json=as_json)
        else:
            page = publish.find(connection, asked, by_relevance=best, limit=limit, after=after)
            _print_page(page, as_json=as_json)


def _times(since: datetime | None, until: datetime | None) -> dict[str, Any]:
    """Return the days as times that Search takes; what is not given is left out."""
    times = {"since": since, "until": until and until + timedelta(days=1)}
    return {name: time.replace(tzinfo=UTC) for name, time in times.items() if time}


def _print_count(count: "Count", *, as_json: bool) -> None:
    if as_json:
        say_json(asdict(count), indent=None)
    else:
        say(f"{count} articles")


def _print_days(days: "Sequence[DayCount]", *, as_json: bool) -> None:
    from scrapers.publish.search import chart

    if as_json:
        for day in days:
            say_json(asdict(day), indent=None)
        return
    print_table(("day (UTC)", "outlet", "articles", ""), chart(days), right=("articles",))
    say(f"{sum(day.matches for day in days):,} articles")


def _print_page(page: "Page[Hit] | Page[RevisionHit]", *, as_json: bool) -> None:
    for hit in page.hits:
        if as_json:
            say_json(asdict(hit), indent=None)
        else:
            _print_hit(hit)
    if as_json:
        return
    if page.note:
        say(page.note)
    say(f"go on with: --after {page.after}" if page.after else f"{len(page.hits)} found; no more")


def _print_hit(hit: "Hit | RevisionHit") -> None:
    say(f"{hit.at:%Y-%m-%d %H:%M}  {hit.outlet}  {hit.headline}  (article {hit.article_id}{_told(hit)})")
    say(f"    {hit.url}")
    say(f"    {' '.join(hit.snippet.split())}\n")


def _told(hit: "Hit | RevisionHit") -> str:
    """Return what else is known of a hit, as it stands behind its number."""
    from scrapers.publish.search import Hit

    if not isinstance(hit, Hit):
        gone = f"gone since {hit.gone_at:%Y-%m-%d %H:%M}" if hit.gone_at else "still there"
        return f"; said since {hit.appeared_at:%Y-%m-%d %H:%M}, {gone}"
    copy = f"; copy of {hit.representative_id}" if hit.representative_id not in (None, hit.article_id) else ""
    return copy + (f"; withdrawn {hit.withdrawn_at:%Y-%m-%d}" if hit.withdrawn_at else "")
