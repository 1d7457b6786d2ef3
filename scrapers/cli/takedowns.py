"""What has to go: `warta takedown`, `takedowns`."""

from dataclasses import asdict
from getpass import getuser
from typing import Annotated

import typer

from scrapers.cli.options import AsJson
from scrapers.terminal import say_json


def takedown(
    url: Annotated[str, typer.Argument(help="The article's address, in any form.")],
    reason: Annotated[str, typer.Option(help="Why; it is kept.")],
    by: Annotated[str | None, typer.Option(help="Who asked for it; without it, your user name.")] = None,
    as_json: AsJson = False,
) -> None:
    """Remove an article for good, with its revisions and raw pages, and let it not be stored again.

    It can't be undone. Copies by other outlets stay, and are named. It is noted in the file that WARTA_TAKEDOWNS names,
    too, so that a restored backup takes it down again.
    """
    from scrapers.config import TAKEDOWNS
    from scrapers.maintenance import takedown_file, takedowns
    from scrapers.storage.connection import connect

    with connect() as connection, takedown_file.appending(TAKEDOWNS) as append:
        removed = takedowns.take_down(connection, url, reason=reason, requested_by=by or getuser())
        append(takedowns.takedown(connection, removed.takedown_id))
    if as_json:
        say_json(asdict(removed))
    else:
        takedowns.print_removed(removed)


def takedowns(as_json: AsJson = False) -> None:
    """Show what was taken down, who asked for it, when and why."""
    from scrapers.maintenance import takedowns
    from scrapers.storage.connection import connect

    with connect() as connection:
        rows = takedowns.takedowns(connection)
    if as_json:
        say_json(rows)
    else:
        takedowns.print_takedowns(rows)
