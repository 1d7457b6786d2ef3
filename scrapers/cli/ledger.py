"""What became of an address or an outlet: `warta why`, `coverage`, `backfill`."""

import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import typer

from scrapers.cli.options import AsJson, Day
from scrapers.terminal import say, say_json


def why(url: Annotated[str, typer.Argument(help="An address, in any form.")], as_json: AsJson = False) -> None:
    """Show the whole history of one URL, or why its announcement was not taken.

    Exit code 2 if the ledger has neither; the nearest addresses that it has are shown.
    """
    from scrapers.monitor import history
    from scrapers.storage.connection import connect

    with connect() as connection:
        told = history.history(connection, url)
    if as_json:
        say_json(told)
    else:
        history.print_history(told)
    if told["page"] is None and not told["untaken"]:
        raise typer.Exit(2)


def coverage(
    outlet: Annotated[str | None, typer.Argument(help="The outlet; without it, a line for each.")] = None,
    since: Day = None,
    until: Day = None,
    as_json: AsJson = False,
) -> None:
    """Show how much of what outlets announce is stored, where the gaps are, and which alarms stand.

    For one outlet each day is shown, of the last two weeks unless --since and --until say otherwise.
    """
    from scrapers.monitor import alarms, coverage
    from scrapers.storage.connection import connect

    with connect() as connection:
        standing = alarms.standing_alarms(connection, outlet)
        if outlet is None:
            found: Sequence[Any] = coverage.all_outlets(connection)
        else:
            found = coverage.days(connection, outlet, **coverage.span(outlet, since, until))
        untaken = coverage.untaken(connection, outlet) if outlet else []
        contradicted = coverage.contradicted(connection, outlet) if outlet else {}
    if as_json:
        told: dict[str, Any] = {"outlets": found}
        if outlet:
            told = {"days": coverage.as_rows(found), "untaken": untaken, "contradicted": contradicted}
        say_json({"outlet": outlet, **told, "alarms": alarms.as_json(standing)})
        return
    if outlet:
        coverage.print_days(found)
        coverage.print_untaken(untaken)
        coverage.print_contradicted(contradicted)
    else:
        coverage.print_outlets(found)
    for alarm in standing:
        say(f"alarm  {alarm.line()}")


def backfill(
    outlet: Annotated[str, typer.Argument(help="The outlet.")],
    since: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The first day.")],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day, included.")],
    limit: Annotated[int | None, typer.Option(min=1, help="Fetch at most so many pages.")] = None,
    as_json: AsJson = False,
) -> None:
    """Crawl the days again: archives, index pages and the sitemaps that can hold them; then show their coverage.

    The exit code is the crawl's.
    """
    from scrapers.monitor.coverage import span

    span(outlet, since, until)  # a wrong outlet or day is told before anything starts
    days = [f"since={since:%Y-%m-%d}", f"until={until:%Y-%m-%d}", *([f"limit={limit}"] if limit else [])]
    arguments = [part for argument in days for part in ("-a", argument)]
    code = subprocess.run([sys.executable, "-m", "scrapy", "crawl", outlet, *arguments], check=False).returncode
    if code == 0:
        coverage(outlet, since, until, as_json=as_json)
    raise typer.Exit(code)
