"""The `warta` command. Each subcommand is a function elsewhere; here are its arguments and what it prints."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from getpass import getuser
from pathlib import Path
from typing import Annotated, Any

import typer

from scrapers.commands.unforeseen import never_fail_to_print, tell
from scrapers.terminal import say, say_json

app = typer.Typer(
    help="Warta: a news corpus in Postgres, crawled and deduplicated on a schedule.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich" if sys.stdout.isatty() and sys.stderr.isatty() else None,  # which draws boxes
    context_settings={"help_option_names": ["-h", "--help"]},
)
database = typer.Typer(help="The embedded Postgres.", no_args_is_help=True)
seed_site = typer.Typer(help="The seed site, which `warta up` serves too.", no_args_is_help=True)
duplicates = typer.Typer(help="Decisions on pairs of articles, by their ids.", no_args_is_help=True)
outlet = typer.Typer(help="The outlets that are declared.", no_args_is_help=True)
quarantine = typer.Typer(help="Pages that could not be read or stored, with their bytes.", no_args_is_help=True)
hosts = typer.Typer(help="The hosts that crawls ask, and those that they leave alone.", no_args_is_help=True)
app.add_typer(database, name="db")
app.add_typer(hosts, name="hosts")
app.add_typer(seed_site, name="seed-site")
app.add_typer(outlet, name="outlet")
app.add_typer(quarantine, name="quarantine")
app.add_typer(duplicates, name="duplicates")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="A day, as the outlet counts it.")]


@app.command()
def up() -> None:
    """Start Postgres, the seed site and Airflow; crawl the seed site once; show the articles."""
    from scrapers.local.up import up

    up()


@app.command()
def down() -> None:
    """Stop what `warta up` started, and nothing else."""
    from scrapers.local.up import down

    down()


@app.command()
def status() -> None:
    """Show which services run; exit code 7 if one is missing."""
    from scrapers.local.up import status

    if not status():
        raise typer.Exit(7)


@app.command()
def migrate() -> None:
    """Bring the database's schema up to date."""
    from scrapers.storage.migrate import migrate

    applied = migrate()
    say(f"applied {', '.join(applied)}" if applied else "the schema is up to date")


@app.command()
def articles(limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many.")] = 20) -> None:
    """Show the newest articles."""
    from scrapers.publish.articles import print_articles

    print_articles(articles=limit)


@app.command()
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


@app.command()
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


@app.command()
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


@duplicates.command()
def explain(article: int, other: int) -> None:
    """Show what two articles share, what differs, and how they were judged."""
    from scrapers.dedup.manual_decisions import explain
    from scrapers.storage.connection import connect

    with connect() as connection:
        say_json(explain(connection, article, other))


@duplicates.command()
def merge(article: int, other: int) -> None:
    """Decide that two articles are duplicates; every later run respects it."""
    from scrapers.dedup.manual_decisions import merge
    from scrapers.storage.connection import connect

    with connect() as connection:
        merge(connection, article, other, by=getuser())


@duplicates.command()
def split(article: int, other: int) -> None:
    """Decide that two articles are different; every later run respects it."""
    from scrapers.dedup.manual_decisions import split
    from scrapers.storage.connection import connect

    with connect() as connection:
        split(connection, article, other, by=getuser())


@app.command()
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


@app.command()
def coverage(
    outlet: Annotated[str | None, typer.Argument(help="The outlet; without it, a line for each.")] = None,
    since: Day = None,
    until: Day = None,
    as_json: AsJson = False,
) -> None:
    """Show how much of what outlets announce is stored, where the gaps are, and which alerts stand.

    For one outlet each day is shown, of the last two weeks unless --since and --until say otherwise.
    """
    from scrapers.monitor import coverage
    from scrapers.storage.connection import connect

    with connect() as connection:
        alerts = coverage.alerts(connection, outlet)
        if outlet is None:
            found: Sequence[Any] = coverage.all_outlets(connection)
        else:
            found = coverage.days(connection, outlet, **coverage.span(outlet, since, until))
        untaken = coverage.untaken(connection, outlet) if outlet else []
    if as_json:
        told = {"days": coverage.as_rows(found), "untaken": untaken} if outlet else {"outlets": found}
        say_json({"outlet": outlet, **told, "alerts": alerts})
        return
    if outlet:
        coverage.print_days(found)
        coverage.print_untaken(untaken)
    else:
        coverage.print_outlets(found)
    coverage.print_alerts(alerts)


@app.command()
def backfill(
    outlet: Annotated[str, typer.Argument(help="The outlet.")],
    since: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The first day.")],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day, included.")],
    limit: Annotated[int | None, typer.Option(min=1, help="Fetch at most so many pages.")] = None,
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
        coverage(outlet, since, until)
    raise typer.Exit(code)


Urls = Annotated[list[str] | None, typer.Argument(help="Addresses; without any, all that are there.")]
OfOutlet = Annotated[str | None, typer.Option("--outlet", help="Only pages of this outlet.")]


@quarantine.command("list")
def list_quarantined(outlet: OfOutlet = None, as_json: AsJson = False) -> None:
    """List the quarantined pages with the error of each."""
    from scrapers.maintenance.quarantine import quarantined
    from scrapers.storage.connection import connect

    with connect() as connection:
        pages = quarantined(connection, outlet=outlet)
    if as_json:
        say_json(pages)
        return
    for page in pages:
        say(f"{page['outlet']}  {page['url']}  ({page['reason']}; {page['bytes'] or 'no'} bytes)")
    say(f"{len(pages)} in quarantine")


@quarantine.command()
def show(url: Annotated[str, typer.Argument(help="The page's address.")]) -> None:
    """Write the kept bytes of a page to standard output, as they came."""
    from scrapers.maintenance.quarantine import body_of, quarantined
    from scrapers.storage.connection import connect

    with connect() as connection:
        [page] = quarantined(connection, urls=[url])
        sys.stdout.buffer.write(body_of(connection, page))


@quarantine.command()
def replay(urls: Urls = None, outlet: OfOutlet = None) -> None:
    """Read pages again from their kept bytes, by the current rules, and store the result."""
    from scrapers.maintenance.quarantine import quarantined, replay
    from scrapers.storage.connection import connect

    with connect() as connection:
        for url, state, reason in replay(connection, quarantined(connection, outlet=outlet, urls=urls)):
            say(f"{state}  {url}" + (f"  ({reason})" if reason else ""))


@quarantine.command()
def drop(
    urls: Annotated[list[str], typer.Argument(help="The pages' addresses.")],
    reason: Annotated[str, typer.Option(help="Why; the ledger keeps it.")],
) -> None:
    """Reject pages for good; their bytes stay."""
    from scrapers.maintenance.quarantine import drop, quarantined
    from scrapers.storage.connection import connect

    with connect() as connection:
        for url in drop(connection, quarantined(connection, urls=urls), reason):
            say(f"rejected  {url}")


@hosts.command("list")
def list_hosts(as_json: AsJson = False) -> None:
    """List the hosts that get no request now, until when, and why."""
    from scrapers.storage.connection import connect
    from scrapers.storage.hosts import closed_hosts
    from scrapers.terminal import print_table

    with connect() as connection:
        closed = closed_hosts(connection)
    if as_json:
        say_json([asdict(host) for host in closed])
        return
    rows = [(one.host, f"{one.closed_until:%Y-%m-%d %H:%M:%S}", one.closed_because) for one in closed]
    print_table(("host", "closed until (UTC)", "because"), rows)
    say(f"{len(closed)} closed" + ("; `warta hosts open HOST` opens one" if closed else ""))


@hosts.command("open")
def open_hosts(
    names: Annotated[list[str], typer.Argument(metavar="HOST...", help="The host, as `hosts list` shows it.")],
) -> None:
    """Open hosts: the next crawl asks them at once, whatever they had answered."""
    from scrapers.storage.connection import connect
    from scrapers.storage.hosts import open_host

    with connect() as connection:
        for name in names:
            pages = open_host(connection, name)
            say(f"open  {name.lower()}  ({pages} pages that waited for it are due)")


def _dedup_file(source: Path | None, target: Path | None) -> None:
    from scrapers.dedup.offline import deduplicate_file
    from scrapers.errors import UsageError

    if not source or not target:
        raise UsageError("--input and --output go together; give the other too")
    for name, count in deduplicate_file(source, target).items():
        say(f"{count:8d}  {name}")


@database.command()
def start() -> None:
    """Start the embedded Postgres and bring its schema up to date."""
    from scrapers.local.postgres import embedded
    from scrapers.storage.migrate import migrate

    embedded().start(tell=lambda text: sys.stderr.write(f"Postgres: {text}\n"))
    migrate(embedded().dsn())
    say(f"Postgres runs: {embedded().dsn()}")


@database.command()
def stop() -> None:
    """Stop the embedded Postgres."""
    from scrapers.local.postgres import embedded

    embedded().stop()


@database.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": ["--help"]}
)
def psql(
    context: typer.Context,
    owner: Annotated[
        bool, typer.Option("--owner", "--write", help="With the owner's rights, who may change everything.")
    ] = False,
) -> None:
    """Open psql on Warta's database, to read; further arguments are psql's own: `warta db psql -c 'TABLE ledger'`.

    A reader's rights, and half a minute a statement.
    """
    from scrapers.local.psql import psql

    psql(context.args, as_owner=owner)


@seed_site.command()
def serve() -> None:
    """Serve the seed site here until Ctrl-C, for crawls without `warta up`."""
    from scrapers import config
    from scrapers.local.files import write_private
    from scrapers.local.ports import free_port
    from scrapers.local.seed_site import serve
    from scrapers.local.up import SEED_SITE, processes

    if record := processes.find(SEED_SITE):
        say(f"the seed site is served already: {record.address}/")
        return
    port = free_port(config.SEED_SITE_PORT_FILE, config.SEED_SITE_PORT)
    write_private(config.SEED_SITE_PORT_FILE, str(port))
    serve(port, config.SEED_SITE_EDITION_FILE)


@seed_site.command()
def edit() -> None:
    """Publish the seed site's second edition: one article is corrected. The next crawl adds one revision."""
    _set_edition(2)


@seed_site.command()
def reset() -> None:
    """Go back to the seed site's first edition."""
    _set_edition(1)


def _set_edition(edition: int) -> None:
    from scrapers.config import SEED_SITE_EDITION_FILE

    SEED_SITE_EDITION_FILE.parent.mkdir(parents=True, exist_ok=True)
    SEED_SITE_EDITION_FILE.write_text(f"{edition}\n")
    say(f"the seed site serves edition {edition}")


@outlet.command()
def check(
    name: Annotated[str, typer.Argument(help="The outlet.")],
    pages: Annotated[list[Path], typer.Argument(help="Saved pages, as HTML files.")],
    url: Annotated[str | None, typer.Option(help="The page's address; else the one in the JSON beside it.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Write what is found as JSON beside each page.")] = False,
) -> None:
    """Show what is found on saved pages of an outlet, by which rule, and which selectors it could declare."""
    from scrapers.errors import UsageError
    from scrapers.maintenance.outlet_check import check

    if url and len(pages) != 1:
        raise UsageError(f"--url names one page, but {len(pages)} were given")
    if not check(name, pages, url=url, write=write):
        raise typer.Exit(1)


def main() -> None:
    """Run the command line; an error is one line and its exit code."""
    never_fail_to_print()
    try:
        app()
    except Exception as error:  # noqa: BLE001 - the last resort: nobody is shown a traceback
        sys.exit(tell("warta", error))
