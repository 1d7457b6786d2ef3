"""Stories: the texts of several outlets on one event."""

from datetime import datetime
from typing import Any

import psycopg

from scrapers.storage.connection import dict_rows
from scrapers.terminal import print_table

COLUMNS = ("story", "from (UTC)", "to (UTC)", "outlets", "articles", "headline")


def find_stories(
    connection: psycopg.Connection, since: datetime, *, stories: int = 20, fewest: int = 2
) -> list[dict[str, Any]]:
    """Return stories of at least `fewest` articles that have gone on since a time: those of most outlets first.

    Each has story_id, headline (of its first article), first_at, last_at, outlets, articles (how many, copies
    included) and article_ids in the order of their times.
    """
    return dict_rows(connection, "list_stories", since=since, stories=stories, fewest=fewest)


def print_stories(found: list[dict[str, Any]]) -> None:
    """Print stories, a line each; times are UTC."""
    rows = [
        (
            story["story_id"],
            f"{story['first_at']:%Y-%m-%d %H:%M}",
            f"{story['last_at']:%Y-%m-%d %H:%M}",
            len(story["outlets"]),
            story["articles"],
            story["headline"],
        )
        for story in found
    ]
    print_table(COLUMNS, rows, right=("story", "outlets", "articles"), elastic="headline")
