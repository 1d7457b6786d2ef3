"""`warta db`: the embedded Postgres."""

import sys
from typing import Annotated

import typer

from scrapers.terminal import say

group = typer.Typer(help="The embedded Postgres.", no_args_is_help=True)


@group.command()
def start() -> None:
    """Start the embedded Postgres and bring its schema up to date."""
    from scrapers.local.postgres import embedded
    from scrapers.storage.migrate import migrate

    embedded().start(tell=lambda text: sys.stderr.write(f"Postgres: {text}\n"))
    migrate(embedded().dsn())
    say(f"Postgres runs: {embedded().dsn()}")


@group.command()
def stop() -> None:
    """Stop the embedded Postgres."""
    from scrapers.local.postgres import embedded

    embedded().stop()


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
