"""What is stored, and how more of it is: `warta articles`, `ingest`, `extract`, `dedup`."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from scrapers.terminal import say, say_json


def articles(limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many.")] = 20) -> None:
    """Show the newest articles."""
    from scrapers.publish.articles import print_articles

    print_articles(articles=limit)


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Text documents, folders of *.txt, or - for standard input.")],
    outlet: Annotated[str, typer.Option(help="The outlet that the documents come from.")] = "inews",
    url: Annotated[str | None, typer.Option(help="The page's address, where it is known.")] = None,
) -> None:
    """Store plain-text dumps of article pages as articles."""
    from scrapers.maintenance.ingest import documents, ingest
    from scrapers.storage.connection import connect

    found = list(documents(paths))
    with connect() as connection:
        for name, state, reason in ingest(connection, found, outlet_name=outlet, url=url):
            say(f"{state}  {name}" + (f"  ({reason})" if reason else ""))


def extract(
    pages: Annotated[
        list[str] | None, typer.Argument(help="Saved pages, or addresses to fetch; - is standard input.")
    ] = None,
    url: Annotated[str | None, typer.Option(help="The address that a saved page was saved from.")] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show every candidate of each field, with its rule.")
    ] = False,
    batch: Annotated[bool, typer.Option("--batch", help='Answer JSON lines {"path", "url"}, a line each.')] = False,
) -> None:
    """Print the article that a page holds, as JSON."""
    from scrapers.maintenance.extract_pages import answers, articles_in

    given = answers(sys.stdin) if batch else articles_in(pages or ["-"], url, explain=explain)
    for answer in given:
        if batch:
            print(json.dumps(answer), flush=True)  # noqa: T201 - a line each, in ASCII
        else:
            say_json(answer)


def dedup(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Process all stored articles again.")] = False,
    source: Annotated[Path | None, typer.Option("--input", help="Articles as JSON lines: id, title, body, …")] = None,
    target: Annotated[
        Path | None, typer.Option("--output", help="Where to write id, cluster, representative, …")
    ] = None,
) -> None:
    """Find duplicates among new articles, or among those of a file; safe to run at any time."""
    if source or target:
        return _dedup_file(source, target)
    from scrapers.dedup import incremental

    if rebuild:
        incremental.rebuild()
    say(incremental.summary(incremental.deduplicate()).rstrip())


def _dedup_file(source: Path | None, target: Path | None) -> None:
    from scrapers.dedup.offline import deduplicate_file
    from scrapers.errors import UsageError

    if not source or not target:
        raise UsageError("--input and --output go together; give the other too")
    for name, count in deduplicate_file(source, target).items():
        say(f"{count:8d}  {name}")
