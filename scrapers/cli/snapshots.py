"""Raw pages outside Postgres: `warta snapshots`."""

import typer

from scrapers.cli.options import AsJson
from scrapers.terminal import say_or_json, working

group = typer.Typer(help="Raw pages in the store that WARTA_SNAPSHOTS names.", no_args_is_help=True)
BATCH = 200  # raw pages that are moved in one transaction


@group.command()
def move(as_json: AsJson = False) -> None:
    """Move the raw pages that are in Postgres to the store; it may be stopped, and goes on when it is run again."""
    from scrapers.storage.connection import connect
    from scrapers.storage.snapshots import move_snapshots

    moved = 0
    with connect() as connection, working("Moving raw pages") as tell:
        while some := move_snapshots(connection, BATCH):
            moved += some
            tell(f"{moved:,}")
    say_or_json(f"{moved} raw pages moved to the store", {"moved": moved}, as_json=as_json)


@group.command()
def sweep(as_json: AsJson = False) -> None:
    """Delete what the store has and the database does not name, once it is a day old.

    The store has to be this database's alone: what another one keeps there would be deleted.
    """
    from scrapers.storage.connection import connect
    from scrapers.storage.snapshots import sweep_orphans

    with connect() as connection, working("Sweeping"):
        deleted = sweep_orphans(connection)
    say_or_json(f"{deleted} bodies deleted that no raw page names", {"deleted": deleted}, as_json=as_json)
