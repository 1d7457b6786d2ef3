"""`warta stories`: the texts of several outlets on one event."""

from datetime import UTC, datetime, timedelta
from getpass import getuser
from typing import Annotated

import typer

from scrapers.cli.options import AsJson, Limit, Moment
from scrapers.terminal import say_json, say_or_json

group = typer.Typer(help="Stories: the texts of several outlets on one event.", invoke_without_command=True)
SHOWN = timedelta(days=1)


@group.callback()
def stories(
    context: typer.Context,
    since: Moment = None,
    limit: Limit = 20,
    as_json: AsJson = False,
    fewest: Annotated[int, typer.Option("--fewest", min=1, help="Articles of a story, at least.")] = 2,
) -> None:
    """Show the stories that have gone on since a time, by default since yesterday: those of most outlets first."""
    if context.invoked_subcommand:
        return
    from scrapers.publish.stories import find_stories, print_stories
    from scrapers.storage.connection import connect

    with connect() as connection:
        found = find_stories(connection, since or datetime.now(UTC) - SHOWN, stories=limit, fewest=fewest)
    if as_json:
        say_json(found)
    else:
        print_stories(found)


@group.command()
def merge(story: int, other: int, as_json: AsJson = False) -> None:
    """Decide that two stories are one."""
    from scrapers.dedup.stories.grouping import merge
    from scrapers.storage.connection import connect

    with connect() as connection:
        merged = merge(connection, story, other)
    say_or_json(f"story {merged} has both", {"story": merged}, as_json=as_json)


@group.command()
def split(article: int, as_json: AsJson = False) -> None:
    """Decide that an article, with its copies, is not part of its story: it starts another."""
    from scrapers.dedup.stories.grouping import split
    from scrapers.storage.connection import connect

    with connect() as connection:
        story = split(connection, article, by=getuser())
    say_or_json(f"story {story} has article {article}", {"story": story, "article": article}, as_json=as_json)


@group.command()
def review(as_json: AsJson = False) -> None:
    """Merge stories that turn out to be one, as the Dag `stories` does every night."""
    from scrapers.dedup.stories.grouping import merge_near

    merged = merge_near()
    say_or_json(f"{merged} stories merged", {"merged": merged}, as_json=as_json)
