"""`warta hosts`: the hosts that crawls ask."""

from dataclasses import asdict
from typing import Annotated

import typer

from scrapers.cli.options import AsJson
from scrapers.terminal import print_table, say, say_json

group = typer.Typer(help="The hosts that crawls ask, and those that they leave alone.", no_args_is_help=True)


@group.command("list")
def list_hosts(as_json: AsJson = False) -> None:
    """List the hosts that get no request now, until when, and why."""
    from scrapers.storage.connection import connect
    from scrapers.storage.hosts import closed_hosts

    with connect() as connection:
        closed = closed_hosts(connection)
    if as_json:
        say_json([asdict(host) for host in closed])
        return
    rows = [(one.host, f"{one.closed_until:%Y-%m-%d %H:%M:%S}", one.closed_because) for one in closed]
    print_table(("host", "closed until (UTC)", "because"), rows)
    say(f"{len(closed)} closed" + ("; `warta hosts open HOST` opens one" if closed else ""))


@group.command("open")
def open_hosts(
    names: Annotated[list[str], typer.Argument(metavar="HOST...", help="The host, as `hosts list` shows it.")],
    as_json: AsJson = False,
) -> None:
    """Open hosts: the next crawl asks them at once, whatever they had answered."""
    from scrapers.storage.connection import connect
    from scrapers.storage.hosts import open_host

    opened = []
    with connect() as connection:
        for name in names:
            opened.append({"host": name.lower(), "pages": open_host(connection, name)})
            if not as_json:
                say(f"open  {name.lower()}  ({opened[-1]['pages']} pages that waited for it are due)")
    if as_json:
        say_json(opened)
