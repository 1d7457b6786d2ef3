"""`warta db`: the database, and the embedded Postgres."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scrapers.cli.options import AsJson
from scrapers.terminal import say_json, say_or_json, working

if TYPE_CHECKING:
    from scrapers.local.backup import Backup

group = typer.Typer(help="The database: start the embedded one, ask it, measure it, back it up.", no_args_is_help=True)
BackupFile = Annotated[Path, typer.Argument(metavar="FILE", help="The backup.")]


@group.command()
def start(as_json: AsJson = False) -> None:
    """Start the embedded Postgres and bring its schema up to date."""
    from scrapers.local.postgres import embedded
    from scrapers.storage.migrate import migrate

    embedded().start(tell=lambda text: sys.stderr.write(f"Postgres: {text}\n"))
    migrate(embedded().dsn())
    say_or_json(f"Postgres runs: {embedded().dsn()}", {"runs": True, "dsn": embedded().dsn()}, as_json=as_json)


@group.command()
def stop(as_json: AsJson = False) -> None:
    """Stop the embedded Postgres."""
    from scrapers.local.postgres import embedded

    embedded().stop()
    say_or_json("Postgres has stopped", {"runs": False}, as_json=as_json)


@group.command(
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


@group.command()
def size(as_json: AsJson = False) -> None:
    """Show bytes by table and by article, a raw page beside gzip, and what a year adds; --json shows outlets too."""
    from scrapers.monitor import sizes
    from scrapers.storage.connection import connect

    with connect() as connection:
        found = sizes.sizes(connection)
    if as_json:
        say_json(sizes.as_json(found))
    else:
        sizes.print_sizes(found)


@group.command()
def backup(file: BackupFile, as_json: AsJson = False) -> None:
    """Write the database to a new FILE, and the rows of each table to FILE.json; crawls may go on."""
    from scrapers.local.backup import back_up

    with working("Backing up"):
        written = back_up(file)
    say_or_json(_line("written", file, written), _facts(file, written), as_json=as_json)


@group.command()
def verify(file: BackupFile, as_json: AsJson = False) -> None:
    """Restore FILE into a database that is dropped afterwards; exit code 9 where that differs from FILE.json."""
    from scrapers.local.backup import verify

    with working("Verifying"):
        verified = verify(file)
    say_or_json(_line("verified", file, verified), _facts(file, verified), as_json=as_json)


@group.command()
def restore(
    file: BackupFile,
    takedowns: Annotated[Path | None, typer.Option(help="Takedowns to repeat, as `warta takedown` notes them.")] = None,
    as_json: AsJson = False,
) -> None:
    """Fill an empty database from FILE, then take down again what was taken down since.

    Takedowns come from the file that WARTA_TAKEDOWNS names, unless --takedowns names another.
    """
    from scrapers.config import TAKEDOWNS
    from scrapers.local.backup import restore
    from scrapers.maintenance import takedown_file

    noted = takedowns or TAKEDOWNS
    rows = takedown_file.read(noted, is_needed=takedowns is not None)
    with working("Restoring"):
        restored = restore(file, rows or ())
    if rows is None:
        again = f"no takedowns were noted in {noted}: nothing was taken down again; if there were any, see --takedowns"
    else:
        again = f"taken down again: {len(rows)}, as noted in {noted}"
    facts = _facts(file, restored) | {"taken_down_again": None if rows is None else len(rows)}
    say_or_json(f"{_line('restored', file, restored)}\n{again}", facts, as_json=as_json)


def _line(done: str, file: Path, backup: "Backup") -> str:
    from scrapers.monitor.sizes import as_text

    articles, pages = backup.rows.get("articles", 0), backup.rows.get("snapshots", 0)
    return f"{done}: {file} ({as_text(backup.size)}; {articles:,} articles, {pages:,} raw pages)"


def _facts(file: Path, backup: "Backup") -> dict[str, Any]:
    return {"file": str(file), "bytes": backup.size, "rows": backup.rows}
