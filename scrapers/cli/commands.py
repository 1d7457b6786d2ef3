"""The `warta` command: its subcommands, one module a group; the work is in other rooms."""

import sys

import typer

from scrapers.cli import (
    corpus,
    database,
    duplicates,
    edits,
    exports,
    hosts,
    ledger,
    mcp,
    outlets,
    quarantine,
    search,
    seed_site,
    services,
    snapshots,
    takedowns,
    tokens,
    upkeep,
    watch,
    webhooks,
)
from scrapers.commands.unforeseen import never_fail_to_print, tell, written_out

app = typer.Typer(
    help="Warta: a news corpus in Postgres, crawled and deduplicated on a schedule.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich" if sys.stdout.isatty() and sys.stderr.isatty() else None,  # which draws boxes
    context_settings={"help_option_names": ["-h", "--help"]},
)

COMMANDS = (
    *(services.up, services.down, services.status, services.migrate),
    *(corpus.articles, corpus.snapshot, corpus.ingest, corpus.extract, corpus.reextract, corpus.dedup),
    search.search,
    mcp.mcp,
    *(edits.edits, edits.diff, exports.export),
    *(takedowns.takedown, takedowns.takedowns),
    upkeep.upkeep,
    *(ledger.why, ledger.coverage, ledger.backfill),
)
GROUPS = {
    "db": database.group,
    "hosts": hosts.group,
    "seed-site": seed_site.group,
    "outlet": outlets.group,
    "quarantine": quarantine.group,
    "snapshots": snapshots.group,
    "duplicates": duplicates.group,
    "watch": watch.group,
    "token": tokens.group,
    "webhook": webhooks.group,
}
for command in COMMANDS:
    app.command()(command)
for name, group in GROUPS.items():
    app.add_typer(group, name=name)


def main() -> None:
    """Run the command line; an error is one line and its exit code."""
    never_fail_to_print()
    try:
        with written_out():
            app()
    except Exception as error:  # noqa: BLE001 - the last resort: nobody is shown a traceback
        sys.exit(tell("warta", error))
