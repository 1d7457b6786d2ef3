"""What the addresses and forms of several pages hold."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

from fastapi import Path
from pydantic import BeforeValidator, Field

# As the tables bound them; an empty field of a form is none
Day = Annotated[
    Annotated[date, Field(ge=date(1900, 1, 1), lt=date(9999, 1, 1))] | None, BeforeValidator(lambda text: text or None)
]
ArticleId = Annotated[int, Path(ge=1, lt=2**63)]


def begin(day: date) -> datetime:
    """Return the first moment of the day, in UTC."""
    return datetime.combine(day, time(), UTC)


def end(day: date) -> datetime:
    """Return the first moment of the day after, in UTC."""
    return begin(day) + timedelta(days=1)
