"""Small files that the local services leave behind, written whole or not at all."""

import os
from pathlib import Path

from scrapers.errors import UsageError

UNFIT = '"$`\\'  # what a shell reads inside double quotes, into which initdb and pg_ctl put paths


def refuse_unfit(path: Path, what: str) -> None:
    """Raise UsageError where the path has a character that Postgres' or Airflow's programs would read as no name."""
    text = str(path)
    unfit = next((char for char in text if char in UNFIT or ord(char) < 32 or 0xD800 <= ord(char) < 0xE000), None)
    if unfit:
        raise UsageError(
            f"{what} is {text!r}: Postgres cannot be run there, for the {unfit!r} in it; choose another folder"
        )


def write_private(path: Path, text: str) -> None:
    """Replace the file; only its owner may read it (0600), and no reader ever sees a half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    new.unlink(missing_ok=True)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123 - takes the descriptor
        file.write(text)
    new.replace(path)
