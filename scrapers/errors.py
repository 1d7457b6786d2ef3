"""What can go wrong, and the exit code that each fault gives.

    WartaError                     1  the base of all; an error that nobody foresaw gives 1 too
    ├── UsageError                 2  a wrong argument, an unknown outlet, a missing file
    ├── DatabaseError              3  no database, a wrong DSN, or a database that stays away for a minute
    ├── OutletError                4  the outlet failed: nothing could be fetched
    │   └── Forbidden              5  the outlet's robots.txt forbids it
    ├── Stopped                    6  stopped by a signal before the end; run it again to go on
    ├── StartError                 7  a local service (Postgres, Airflow, the seed site) did not start
    ├── LimitReached               8  the crawl ended itself: its time or its memory was used up
    ├── DamageError                9  what is stored or given can't be read: bytes are damaged, cut or missing
    ├── NoticeError               10  an alarm could not be told to anybody through a channel that is set up
    └── NotAnArticle               -  the page is not an article; a state of the ledger, no exit

Each message is one line that says what was found, where, and what to do.
"""


class WartaError(Exception):
    """A fault with a one-line message for the user."""

    exit_code = 1


class UsageError(WartaError):
    """The command was called with something that does not exist or does not fit."""

    exit_code = 2


class DatabaseError(WartaError):
    """Postgres can't be reached, or refuses; or the store of raw pages does."""

    exit_code = 3


class OutletError(WartaError):
    """The outlet's site failed as a whole."""

    exit_code = 4


class Forbidden(OutletError):
    """The outlet's robots.txt forbids the crawl."""

    exit_code = 5


class Stopped(WartaError):
    """A signal ended the work before its end."""

    exit_code = 6


class StartError(WartaError):
    """A service on this machine did not start."""

    exit_code = 7


class LimitReached(WartaError):
    """The crawl used up its time or its memory, and ended itself; what it stored stays."""

    exit_code = 8


class DamageError(WartaError):
    """What is stored or given can't be read: bytes are damaged, cut or missing."""

    exit_code = 9


class NoticeError(WartaError):
    """Alarms could not be told through a channel that is set up."""

    exit_code = 10


class NotAnArticle(WartaError):
    """The page holds no article; `reason` is the ledger's word for why (`not_an_article`, `empty_page`, …)."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason

    def __reduce__(self) -> "tuple[type[NotAnArticle], tuple[str, str]]":
        """Let it cross from the process that reads the page."""
        return NotAnArticle, (self.reason, str(self))


class WorkerCrashed(Exception):
    """The process that reads pages exited while it read this one."""


class WorkerExited(Exception):
    """The process that reads pages exited before it had this one, so that the page is not to blame."""


class PreviousJobFailed(WorkerExited):
    """The process that reads pages exited, or has to, because of a page that it had before this one."""


def shortened(text: str, most: int) -> str:
    """Return the text, or its first characters with a note of how many there are in all, `most` of them at most."""
    if len(text) <= most:
        return text
    note = f"… ({len(text):,} characters)"
    return text[: max(0, most - len(note))] + note


def one_line(error: BaseException) -> str:
    """Return the error's class and the first line of its message, as the ledger and the log keep it."""
    first = str(error).strip().split("\n")[0]
    return f"{type(error).__name__}: {first}"[:500] if first else type(error).__name__
