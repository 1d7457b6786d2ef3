"""The `warta` command: its subcommands, one module a group; the work is in other rooms."""

import sys

import typer

from scrapers.cli import (
    alarms,
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
    stories,
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

# What `warta --help` lists, under these headings where it is shown on a terminal.
COMMANDS = {
    "Run it on this machine": (services.up, services.down, services.status, services.doctor, services.migrate),
    "Read the corpus": (corpus.articles, search.search, edits.edits, edits.diff, corpus.snapshot, exports.export),
    "See what goes on": (ledger.coverage, ledger.why),
    "Be told, and let programs read": (mcp.mcp,),
    "Fill the corpus": (ledger.backfill, corpus.ingest, corpus.extract, corpus.reextract, corpus.dedup),
    "Keep it": (upkeep.upkeep, takedowns.takedown, takedowns.takedowns),
}
GROUPS = {
    "Run it on this machine": {"db": database.group, "seed-site": seed_site.group},
    "See what goes on": {"alarms": alarms.group, "hosts": hosts.group, "quarantine": quarantine.group},
    "Read the corpus": {"stories": stories.group},
    "Be told, and let programs read": {"watch": watch.group, "webhook": webhooks.group, "token": tokens.group},
    "Fill the corpus": {"outlet": outlets.group, "duplicates": duplicates.group},
    "Keep it": {"snapshots": snapshots.group},
}
for panel, commands in COMMANDS.items():
    for command in commands:
        app.command(rich_help_panel=panel)(command)
for panel, groups in GROUPS.items():
    for name, group in groups.items():
        app.add_typer(group, name=name, rich_help_panel=panel)


def main() -> None:
    """Run the command line; an error is one line and its exit code."""
    never_fail_to_print()
    try:
        with written_out():
            app()
    except Exception as error:  # noqa: BLE001 - the last resort: nobody is shown a traceback
        sys.exit(tell("warta", error))
