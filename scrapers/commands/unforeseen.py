"""Any exception as one line and an exit code: what is left for `warta` and `scrapy crawl` when nobody foresaw it."""

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from scrapers.errors import DatabaseError, UsageError, WartaError

FULL = "WARTA_TRACEBACK"  # set to anything, it has tracebacks printed too


def as_warta_error(error: BaseException) -> WartaError:
    """Return the error that tells what this one means to users; its message is one line."""
    if isinstance(error, WartaError):
        return error
    kinds = {kind.__module__.partition(".")[0] for kind in type(error).__mro__}
    said = " ".join(str(error).split()) or type(error).__name__
    if "psycopg" in kinds:
        from scrapers.storage.connection import explain

        return DatabaseError(explain(error)) if isinstance(error, Exception) else DatabaseError(said)
    if isinstance(error, UnicodeEncodeError | UnicodeDecodeError):
        return UsageError(f"an argument or a file is no text in UTF-8: {error.reason}")
    if isinstance(error, OSError):
        return WartaError(said)
    return WartaError(f"unforeseen {type(error).__name__}{_where(error)}: {said[:500]} ({FULL}=1 shows all of it)")


def tell(program: str, error: BaseException) -> int:
    """Write the error's one line to standard error, and return the exit code."""
    if os.environ.get(FULL):
        traceback.print_exception(error)
    told = as_warta_error(error)
    sys.stderr.write(f"{program}: {' '.join(str(told).splitlines())}\n")
    return told.exit_code


def tell_of_crashes(program: str) -> None:
    """Have whatever ends this process unforeseen told in one line; the exit code is 1 then."""

    def hook(_: type[BaseException], error: BaseException, __: TracebackType | None) -> None:
        tell(program, error)

    sys.excepthook = hook


def never_fail_to_print() -> None:
    """Let characters that standard output lacks come out as escapes."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


@contextmanager
def written_out() -> Iterator[None]:
    """Raise OSError where what was printed can't be written, such as to a full disk; Python itself says so too late."""
    try:
        yield
    finally:
        try:
            sys.stdout.flush()
        except OSError:
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 - or the interpreter tries again at its end
            raise


def _where(error: BaseException) -> str:
    """Return the innermost line of ours that the error passed."""
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "scrapers" in Path(frame.filename).parts]
    return f" at {Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""
