"""The folder of an export, which appears whole or not at all, and what a killed export has finished of it.

An export into `corpus` is written in `.corpus.partial` beside it:

    lock           held while an export writes there
    request.json   what is exported; whoever asks for the same goes on
    parts.jsonl    the files that are finished, a line each
    export/        what becomes `corpus` at the end
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import file_digest
from pathlib import Path
from typing import Any, BinaryIO

from filelock import FileLock, Timeout

from scrapers.errors import UsageError, WartaError
from scrapers.storage.files import sync

MANIFEST = "manifest.json"

Record = dict[str, Any]  # a JSON object


class ExportFolder:
    """The folder in which an export is written, and where it goes to."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.partial = target.with_name(f".{target.name}.partial")
        self.export = self.partial / "export"
        self._request = self.partial / "request.json"
        self._parts = self.partial / "parts.jsonl"

    def begun(self) -> Record | None:
        """Return the request of an export that was begun here and has not ended; None where none was."""
        with suppress(FileNotFoundError):
            return dict(json.loads(self._request.read_bytes()))
        return None

    def begin(self, request: Record) -> None:
        """Begin an export."""
        with self.file(self._request) as file:
            file.write(as_json(request))

    def leave(self) -> None:
        """Remove the folder that it is written in, where nothing was begun."""
        if self.begun() is None:
            shutil.rmtree(self.partial, ignore_errors=True)

    def parts(self) -> list[Record]:
        """Return the parts that are finished."""
        if not self._parts.exists():
            return []
        *whole, _ = self._parts.read_text(encoding="utf-8").split("\n")  # what follows the last newline is a torn line
        return [json.loads(line) for line in whole]

    def add_part(self, part: Record) -> None:
        """Record a part as finished."""
        with self._parts.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(part, ensure_ascii=False) + "\n")
            os.fsync(lines.fileno())

    @contextmanager
    def file(self, path: Path) -> Iterator[BinaryIO]:
        """Open a file that has its name once it is whole and on the disk."""
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.unfinished")
        with unfinished.open("wb") as file:
            yield file
            os.fsync(file.fileno())
        unfinished.replace(path)

    def finish(self) -> None:
        """Put the export in its place, and forget how it came about."""
        self.export.rename(self.target)
        sync(self.target.parent)
        shutil.rmtree(self.partial, ignore_errors=True)


def finished(target: Path) -> Record | None:
    """Return the manifest of the export that is in the folder already; None where it is free.

    Raises UsageError where something else is there.
    """
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target} is a file; name a folder that is not there yet, or is empty")
    if not target.exists() or not any(target.iterdir()):
        return None
    with suppress(OSError, ValueError):
        return dict(json.loads((target / MANIFEST).read_bytes()))
    raise UsageError(f"{target} is not empty and holds no export; name a folder that is not there yet, or is empty")


@contextmanager
def export_folder(target: Path) -> Iterator[ExportFolder]:
    """Open the folder of an export for one writer at a time.

    Raises UsageError where another export writes there or the folder can't be made, and WartaError where a file can't
    be written; what is finished stays.
    """
    folder = ExportFolder(target)
    try:
        folder.partial.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.partial / "lock", timeout=0):
            try:
                yield folder
            finally:
                folder.leave()
    except Timeout:
        raise UsageError(f"another export writes {folder.target}; wait for its end, or name another folder") from None
    except OSError as error:
        raise _told(folder, error) from error


def _told(folder: ExportFolder, error: OSError) -> WartaError:
    said = error.strerror or str(error)
    if not folder.partial.is_dir():
        return UsageError(f"{folder.target} can't be made: {said}; name a folder that you may write")
    return WartaError(
        f"{folder.target} can't be written: {said}; what is finished waits in {folder.partial}: "
        "run the same command again to go on, or remove it"
    )


def as_json(value: Any) -> bytes:
    """Return a value as a file of JSON, in UTF-8."""
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
