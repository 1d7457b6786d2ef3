"""Options that several commands have."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
AsLines = Annotated[bool, typer.Option("--json", help="Print JSON lines.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="A day, as the outlet counts it.")]
Urls = Annotated[list[str] | None, typer.Argument(help="Addresses; without any, all that are there.")]
OfOutlet = Annotated[str | None, typer.Option("--outlet", help="Only pages of this outlet.")]
UtcDay = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="A day, in UTC; both are included.")]
OneOutlet = Annotated[str | None, typer.Option("--outlet", help="Only this outlet.")]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, help="How many at most.")]


def read_moment(text: str) -> datetime:
    """Return the time that ISO 8601 gives; one without an offset is in UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no time in ISO 8601, such as 2026-01-31 or 2026-01-31T12:00Z") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


Moment = Annotated[
    datetime | None,
    typer.Option(parser=read_moment, metavar="TIME", help="A day or a time in ISO 8601; in UTC without an offset."),
]


def in_utc(moment: datetime | None) -> datetime | None:
    """Return the moment as an aware one; without an offset it is in UTC."""
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def end_of(day: datetime | None) -> datetime | None:
    """Return the end of a day in UTC, which is the beginning of the next."""
    return day and day.replace(tzinfo=UTC) + timedelta(days=1)
