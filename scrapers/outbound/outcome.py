"""What comes of a try to deliver a message."""

from dataclasses import dataclass
from typing import Literal, Self


@dataclass(frozen=True, slots=True)
class Outcome:
    """Delivered, failed (to be tried again), or gave_up; `answer` says it in one line.

    `is_away` says that the receiver was not reached at all, so that others to it need not be tried now.
    """

    outcome: Literal["delivered", "failed", "gave_up"]
    answer: str
    is_away: bool = False

    @classmethod
    def done(cls, answer: str) -> Self:
        """Return that of a message that the receiver took."""
        return cls("delivered", _one_line(answer))

    @classmethod
    def failed(cls, answer: str, *, is_away: bool = False) -> Self:
        """Return that of a try that may go better another time."""
        return cls("failed", _one_line(answer), is_away)

    @classmethod
    def refused(cls, answer: str) -> Self:
        """Return that of a message that will never be taken."""
        return cls("gave_up", _one_line(answer))


def _one_line(text: str) -> str:
    return " ".join(text.split())[:300]
