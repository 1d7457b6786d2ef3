"""Takedowns noted outside the database, one JSON object a line: a restored backup repeats them."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scrapers.errors import UsageError

Row = dict[str, Any]
NEEDED = ("url", "addresses", "reason", "requested_by", "taken_down_at")


@contextmanager
def appending(file: Path) -> Iterator[Callable[[Mapping[str, Any]], None]]:
    """Yield a function that adds a takedown to the file; raises UsageError at once where the file can't be written."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        opened = open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8")  # noqa: PTH123, SIM115 - takes the descriptor
    except OSError as fault:
        raise UsageError(
            f"takedowns can't be noted in {file}: {fault.strerror}; WARTA_TAKEDOWNS names another"
        ) from None

    def append(row: Mapping[str, Any]) -> None:
        try:
            opened.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
            opened.flush()
            os.fsync(opened.fileno())
        except OSError as fault:
            raise UsageError(f"it is taken down, but not noted in {file}: {fault.strerror}; repeat it") from None

    with opened:
        yield append


def read(file: Path, *, is_needed: bool = False) -> list[Row] | None:
    """Return the takedowns of the file, None where there is none.

    Raises UsageError for a line that is no takedown, for a file that can't be read, and for one that is needed and
    missing.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        if is_needed:
            raise UsageError(f"no file {file}") from None
        return None
    except (OSError, UnicodeError) as fault:
        raise UsageError(f"{file} can't be read: {fault}") from None
    return [_takedown(file, number, line) for number, line in enumerate(lines, start=1) if line.strip()]


def _takedown(file: Path, number: int, line: str) -> Row:
    try:
        row = json.loads(line)
        if all(name in row for name in NEEDED):
            return dict(row)
    except (ValueError, TypeError):
        pass
    raise UsageError(f"{file}, line {number} is no takedown; correct it, so that none is forgotten")
