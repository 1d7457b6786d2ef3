"""What is stored, and how more of it is: `warta articles`, `snapshot`, `ingest`, `extract`, `reextract`, `dedup`."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from scrapers.cli.options import AsJson, Moment, OneOutlet, UtcDay, end_of, in_utc
from scrapers.terminal import say, say_json, working


def articles(
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many.")] = 20, as_json: AsJson = False
) -> None:
    """Show the newest articles."""
    from scrapers.publish.articles import newest_articles, print_articles
    from scrapers.storage.connection import connect

    if as_json:
        with connect() as connection:
            say_json(newest_articles(connection, limit))
    else:
        print_articles(articles=limit)


def snapshot(
    url: Annotated[str, typer.Argument(help="A page's address, in any form.")],
    at: Moment = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write the bytes to this file.")] = None,
    headers: Annotated[bool, typer.Option("--headers", help="Print the answer's status and headers instead.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print all but the body, as JSON.")] = False,
) -> None:
    """Print a page as its server sent it, unpacked: the newest answer, or the one known at a time."""
    from scrapers.publish.snapshots import find_snapshot
    from scrapers.storage.connection import connect

    with connect() as connection:
        found = find_snapshot(connection, url, at)
    if as_json:
        say_json(found.facts())
    elif headers:
        say(found.response_head.decode("latin-1").replace("\r\n", "\n").rstrip())
    elif output:
        output.write_bytes(found.body)
    elif sys.stdout.isatty():
        say(found.body.decode(found.encoding, "replace"))
    else:
        sys.stdout.buffer.write(found.body)


def ingest(
    paths: Annotated[
        list[Path], typer.Argument(help="Text documents, web archives (*.warc.gz), folders, or - for standard input.")
    ],
    outlet: Annotated[
        str | None,
        typer.Option(help="The outlet that they come from; by default each page's own, and inews' for texts."),
    ] = None,
    url: Annotated[str | None, typer.Option(help="The address of a single text document, where it is known.")] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that read pages of web archives.")] = 2,
    as_json: AsJson = False,
) -> None:
    """Store plain-text dumps of article pages, or the pages of web archives, as articles."""
    from scrapers.errors import UsageError
    from scrapers.maintenance.ingest import documents, ingest
    from scrapers.maintenance.ingest_archives import archives_among, fault_of, ingest_archives, print_captures
    from scrapers.storage.connection import connect

    archives, others = archives_among(paths)
    if url and archives:
        raise UsageError("--url names a text document's page; the pages of a web archive have their own addresses")
    found = list(documents(others))
    with connect() as connection, working("Storing") as on_stored:
        stored = []
        if found:
            stored = ingest(connection, found, outlet_name=outlet or "inews", url=url, on_stored=on_stored)
        report = ingest_archives(connection, archives, outlet, processes=workers, on_stored=on_stored)
    if as_json:
        documents_told = [{"document": name, "state": state, "reason": reason} for name, state, reason in stored]
        faults = [str(fault) for fault in report.faults]
        say_json({"documents": documents_told, "captures": report.captures, "faults": faults})
    else:
        for name, state, reason in stored:
            say(f"{state}  {name}" + (f"  ({reason})" if reason else ""))
        print_captures(report)
    if fault := fault_of(report, len(archives)):
        raise fault


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


def reextract(
    outlet: OneOutlet = None,
    since: UtcDay = None,
    until: UtcDay = None,
    fields: Annotated[str | None, typer.Option(help="Only these fields, with commas between.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Store nothing: count and show what would change.")
    ] = False,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that read pages.")] = 2,
    as_json: AsJson = False,
) -> None:
    """Read stored pages again by the rules of today, and keep what differs as revisions of Warta's own.

    Nothing is fetched. It may be stopped: the same command goes on where it was.
    """
    from scrapers.maintenance.reextract import Selection, print_report, reextract
    from scrapers.storage.articles import CONTENT
    from scrapers.storage.connection import connect

    names = tuple(name.strip() for name in fields.split(",")) if fields else CONTENT
    selection = Selection(outlet, in_utc(since), end_of(until), names, dry_run)
    with connect() as connection, working("Reading again"):
        report = reextract(connection, selection, processes=workers)
    if as_json:
        say_json({"dry_run": dry_run, **asdict(report)})
    else:
        print_report(report, dry_run=dry_run)


def dedup(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Process all stored articles again.")] = False,
    source: Annotated[Path | None, typer.Option("--input", help="Articles as JSON lines: id, title, body, …")] = None,
    target: Annotated[
        Path | None, typer.Option("--output", help="Where to write id, cluster, representative, …")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Find duplicates among new articles, or among those of a file; safe to run at any time."""
    if source or target:
        return _dedup_file(source, target, as_json=as_json)
    from scrapers.dedup import incremental

    with working("Deduplicating"):
        if rebuild:
            incremental.rebuild()
        counts = incremental.deduplicate()
    if as_json:
        say_json(counts)
    else:
        say(incremental.summary(counts).rstrip())


def _dedup_file(source: Path | None, target: Path | None, *, as_json: bool) -> None:
    from scrapers.dedup.offline import deduplicate_file
    from scrapers.errors import UsageError

    if not source or not target:
        raise UsageError("--input and --output go together; give the other too")
    with working("Deduplicating"):
        counts = deduplicate_file(source, target)
    if as_json:
        say_json(counts)
        return
    for name, count in counts.items():
        say(f"{count:8d}  {name}")
