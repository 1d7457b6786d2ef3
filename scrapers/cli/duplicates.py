"""`warta duplicates`: decisions on pairs of articles."""

from getpass import getuser
from typing import Annotated

import typer

from scrapers.cli.options import AsJson
from scrapers.terminal import say, say_json

By = Annotated[str | None, typer.Option(help="Who decides; without it, your user name.")]
group = typer.Typer(help="Decisions on pairs of articles, by their ids.", no_args_is_help=True)


@group.command()
def explain(article: int, other: int) -> None:
    """Show as JSON what two articles share, what differs, and how they were judged."""
    from scrapers.dedup.explanation import explain
    from scrapers.storage.connection import connect

    with connect() as connection:
        say_json(explain(connection, article, other))


@group.command()
def merge(article: int, other: int, by: By = None, as_json: AsJson = False) -> None:
    """Decide that two articles are duplicates; every later run respects it."""
    from scrapers.dedup.manual_decisions import merge
    from scrapers.storage.connection import connect

    with connect() as connection:
        _say_clusters(merge(connection, article, other, by=by or getuser()), as_json=as_json)


@group.command()
def split(article: int, other: int, by: By = None, as_json: AsJson = False) -> None:
    """Decide that two articles are different; every later run respects it."""
    from scrapers.dedup.manual_decisions import split
    from scrapers.storage.connection import connect

    with connect() as connection:
        _say_clusters(split(connection, article, other, by=by or getuser()), as_json=as_json)


def _say_clusters(clusters: list[list[int]], *, as_json: bool) -> None:
    if as_json:
        say_json([{"representative": first, "copies": others} for first, *others in clusters])
        return
    for first, *others in clusters:
        copies = ", ".join(map(str, others))
        say(f"{first} stands for {copies}" if others else f"{first} stands alone")
