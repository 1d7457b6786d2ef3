"""Files that only their owner may read, written whole or not at all; and what it takes to be on the disk."""

import os
from pathlib import Path


def write_private(path: Path, text: str) -> None:
    """Replace the file; only its owner may read it (0600), and no reader ever sees a half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    new.unlink(missing_ok=True)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123 - takes the descriptor
        file.write(text)
    new.replace(path)


def sync(path: Path) -> None:
    """Wait until a file's content, or a folder's list of names, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
