"""`warta token`: tokens with which programs read."""

import getpass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer

from scrapers.cli.options import AsJson, Moment
from scrapers.terminal import print_table, say, say_json, say_or_json

group = typer.Typer(help="Tokens with which programs read: the API, feeds, MCP.", no_args_is_help=True)


class Scope(StrEnum):
    """What a token is good for."""

    read = "read"
    feeds = "feeds"


@group.command("add")
def add(
    name: Annotated[str, typer.Argument(help="What it is for.")],
    scope: Annotated[Scope, typer.Option(help="read: the API, MCP and feeds; feeds: these alone.")] = Scope.read,
    expires: Moment = None,
    as_json: AsJson = False,
) -> None:
    """Make a token and show it; it is not kept, and shown only now."""
    from scrapers.api import tokens
    from scrapers.storage.connection import connect

    with connect() as connection:
        token = tokens.add(connection, name, scope.value, by=getpass.getuser(), expires_at=expires)
    if as_json:
        say_json({"name": name, "scope": scope, "token": token})
    else:
        say(token)


@group.command("list")
def list_tokens(as_json: AsJson = False) -> None:
    """List the tokens: what each is for, and until when."""
    from scrapers.api import tokens
    from scrapers.storage.connection import connect

    with connect() as connection:
        found = tokens.all_tokens(connection)
    if as_json:
        say_json(found)
        return
    names = ("name", "scope", "created_by")
    rows = [(*(one[name] for name in names), _day(one["created_at"]), _day(one["expires_at"])) for one in found]
    print_table(("name", "scope", "made by", "at (UTC)", "until"), rows)


@group.command("remove")
def remove(name: Annotated[str, typer.Argument(help="The token's name.")], as_json: AsJson = False) -> None:
    """End a token: from now on it reads nothing."""
    from scrapers.api import tokens
    from scrapers.storage.connection import connect

    with connect() as connection:
        tokens.end(connection, name)
    say_or_json(f"{name} is ended", {"ended": name}, as_json=as_json)


def _day(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d}" if at else "for ever"
