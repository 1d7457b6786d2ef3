"""Every command that prints has --json."""

import json

import click
from typer.main import get_command

from scrapers.cli.commands import app

WITHOUT = {
    "db psql": "what psql prints, which has --csv and --json of queries' own",
    "down": "says what it stops while it does; `status --json` tells what is left",
    "duplicates explain": "always prints JSON",
    "extract": "always prints JSON",
    "mcp": "speaks a protocol of its own on standard output",
    "quarantine show": "a page's bytes, as they came",
    "seed-site serve": "serves until it is stopped",
    "up": "says how far it is while it starts; `status --json` tells what runs",
}


def every(group, path=()):
    """Yield the name of each command with its options."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group) or hasattr(command, "commands"):
            yield from every(command, (*path, name))
        else:
            yield " ".join((*path, name)), {option for parameter in command.params for option in parameter.opts}


def test_every_command_that_prints_has_json_but_those_that_cannot():
    without = {name for name, options in every(get_command(app)) if "--json" not in options}

    assert without == set(WITHOUT)


def test_what_becomes_of_pages_and_documents_is_told_as_json(commands, tmp_path):
    dump = tmp_path / "a.txt"
    dump.write_text("Judul berita\n\nSebuah kalimat yang cukup panjang untuk sebuah paragraf dari badan berita.")

    ingested = json.loads(commands.warta("ingest", str(dump), "--json").out)
    replayed = commands.warta("quarantine", "replay", "--json")
    reread = json.loads(commands.warta("reextract", "--json").out)
    opened = json.loads(commands.warta("hosts", "list", "--json").out)

    [document] = ingested["documents"]
    assert (document["document"], ingested["captures"], ingested["faults"]) == (str(dump), {}, [])
    assert document["state"] in ("stored", "rejected")
    assert (replayed.code, replayed.out) == (0, "")
    assert (reread["dry_run"], reread["fields"]) == (False, {})
    assert opened == []
