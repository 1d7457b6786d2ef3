"""`warta webhook`: who is told of events by HTTP, signed."""

import getpass
import sys
from enum import StrEnum
from typing import Annotated

import typer

from scrapers.cli.options import AsJson
from scrapers.terminal import print_table, say, say_json, say_or_json

group = typer.Typer(help="Webhooks, signed as Standard Webhooks has it.", no_args_is_help=True)


class Event(StrEnum):
    """What a webhook may be told beside watches."""

    crawl_finished = "crawl.finished"
    alarm_raised = "alarm.raised"


@group.command("add")
def add(
    name: Annotated[str, typer.Argument(help="What you call it; watches tell it by this name.")],
    event: Annotated[list[Event] | None, typer.Option(help="Tell it of these events too; may be repeated.")] = None,
    as_json: AsJson = False,
) -> None:
    """Add a webhook, whose address is read from standard input, and show the secret that its messages are signed with.

    Address and secret are kept in WARTA_HOME/connections.json, which only its owner can read.
    """
    from scrapers.outbound import events
    from scrapers.storage.connection import connect

    url = getpass.getpass("Its address: ") if sys.stdin.isatty() else sys.stdin.readline()
    with connect() as connection:
        given = [one.value for one in event or []]
        secret = events.add(connection, name, url.strip(), given, by=getpass.getuser())
    if as_json:
        say_json({"name": name, "secret": secret})
    else:
        say(secret)


@group.command("list")
def list_webhooks(as_json: AsJson = False) -> None:
    """List the webhooks: the events that each is told, and what failed last."""
    from scrapers.outbound import events
    from scrapers.storage.connection import connect

    with connect() as connection:
        found = events.all_webhooks(connection)
    if as_json:
        say_json(found)
        return
    rows = [
        (one["name"], ", ".join(one["events"]) or "watches alone", one["told_at"] or "", one["reason"] or "")
        for one in found
    ]
    print_table(("name", "told of", "told last (UTC)", "failing"), rows, elastic="failing")


@group.command("remove")
def remove(name: Annotated[str, typer.Argument(help="The webhook's name.")], as_json: AsJson = False) -> None:
    """Tell a webhook of nothing more, and forget its address."""
    from scrapers.outbound import events
    from scrapers.storage.connection import connect

    with connect() as connection:
        events.remove(connection, name)
    say_or_json(f"{name} is removed", {"removed": name}, as_json=as_json)
