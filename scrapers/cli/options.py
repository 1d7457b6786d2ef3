"""Options that several commands have."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="A day, as the outlet counts it.")]
Urls = Annotated[list[str] | None, typer.Argument(help="Addresses; without any, all that are there.")]
OfOutlet = Annotated[str | None, typer.Option("--outlet", help="Only pages of this outlet.")]
UtcDay = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="A day, in UTC; both are included.")]
OneOutlet = Annotated[str | None, typer.Option("--outlet", help="Only this outlet.")]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, help="How many at most.")]
Moment = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"], help="A time, in UTC."
    ),
]


def in_utc(moment: datetime | None) -> datetime | None:
    """Return the moment as an aware one; without an offset it is in UTC."""
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def end_of(day: datetime | None) -> datetime | None:
    """Return the end of a day in UTC, which is the beginning of the next."""
    return day and day.replace(tzinfo=UTC) + timedelta(days=1)
