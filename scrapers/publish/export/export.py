"""Writes an export: the articles that were known at a moment, in files, with what describes them."""

import json
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import psycopg

from scrapers.errors import UsageError
from scrapers.publish.export.articles import Batch, Part, batches, table_of
from scrapers.publish.export.folder import (
    MANIFEST,
    ExportFolder,
    Record,
    as_json,
    export_folder,
    finished,
    sha256_of,
)
from scrapers.publish.export.formats import Format, format_of
from scrapers.publish.export.manifest import Tally, croissant, manifest, versions
from scrapers.publish.export.selection import Corpus, Selection, settled
from scrapers.storage.connection import connect, dict_rows, query

CARD = "croissant.json"
WITHDRAWN = "withdrawn.jsonl"


def export(
    target: Path,
    selection: Selection,
    format: str = "parquet",
    *,
    dsn: str | None = None,
    on_part: Callable[[Record], None] = lambda part: None,
) -> Record:
    """Write the selected articles into the folder `target` and return the manifest; `on_part` hears of each file.

    The same selection as of the same moment gives the same bytes, whatever was stored since. It may be killed: called
    again it goes on, as of the moment of the first call. An export that is there already is left alone.

    Raises UsageError where the folder holds something else or nothing is to be exported, WartaError where files can't
    be written, and DatabaseError.
    """
    written_as, target = format_of(format), target.absolute()
    if found := finished(target):
        _check_same(found["request"], request_of(selection, format), target)
        return found
    with export_folder(target) as folder, connect(dsn) as connection:
        selection = _begun(folder, selection, format) or settled(connection, selection)
        request = request_of(selection, format)
        with _snapshot(connection):
            _write_parts(connection, folder, selection, format, dsn, on_part)
            found = manifest(request, folder.parts())
            _write_all(folder, {MANIFEST: as_json(found), CARD: as_json(croissant(found, written_as)),
                                WITHDRAWN: _withdrawn(connection, selection)})  # fmt: skip
        folder.finish()
    return found


def request_of(selection: Selection, format: str) -> Record:
    """Return what is asked for, and what writes it; equal requests as of one moment give equal bytes."""
    used = versions() | dict(format_of(format).versions)
    return {"format": format, "selection": selection.as_json(), "versions": used}


def _check_same(found: Record, asked: Record, folder: Path) -> None:
    """Raise UsageError where the request of an export that was found is not the one that is made; no moment is any."""
    as_of = found["selection"]["as_of"]
    if found != {**asked, "selection": {"as_of": as_of} | asked["selection"]}:
        differs = ", ".join(name for name in found if found[name] != asked[name])
        raise UsageError(
            f"{folder} holds another export, as of {as_of}, of another {differs}: name another folder or remove it"
        )


def _begun(folder: ExportFolder, selection: Selection, format: str) -> Selection | None:
    """Return the selection of the export that was begun in this folder; None where none was."""
    if (begun := folder.begun()) is None:
        return None
    _check_same(begun, request_of(selection, format), folder.partial)
    return replace(selection, as_of=datetime.fromisoformat(begun["selection"]["as_of"]))


@contextmanager
def _snapshot(connection: psycopg.Connection) -> Iterator[None]:
    """Let all statements of the block see the database as it is at the first."""
    connection.isolation_level, connection.read_only = psycopg.IsolationLevel.REPEATABLE_READ, True
    with connection.transaction():
        yield


def _write_parts(
    connection: psycopg.Connection,
    folder: ExportFolder,
    selection: Selection,
    format: str,
    dsn: str | None,
    on_part: Callable[[Record], None],
) -> None:
    """Write the parts that are not finished yet; raises UsageError where there is none at all."""
    assert selection.as_of is not None  # noqa: S101 - it was settled
    corpus, written_as = Corpus(dsn, selection.as_of), format_of(format)
    done = {part["path"] for part in folder.parts()}
    wanted = batches(connection, selection, lambda part: part.path(written_as.suffix) not in done)
    with closing(_one_ahead(wanted)) as batches_ahead:
        for part, its_batches in groupby(batches_ahead, attrgetter("part")):
            if folder.begun() is None:
                folder.begin(request_of(selection, format))
            folder.add_part(record := _write_part(folder, part, its_batches, written_as, corpus))
            on_part(record)
    if folder.begun() is None:
        raise _nothing(connection, selection)


def _write_part(
    folder: ExportFolder, part: Part, batches: Iterable[Batch], written_as: Format, corpus: Corpus
) -> Record:
    tally, path = Tally(), part.path(written_as.suffix)
    with folder.file(folder.export / path) as file, closing(written_as.open_writer(file, corpus)) as writer:
        for table in map(table_of, batches):
            writer.write(table)
            tally.add(table)
    whole = folder.export / path
    return tally.as_record(part, path, whole.stat().st_size, sha256_of(whole))


def _one_ahead(batches: Iterator[Batch]) -> Generator[Batch]:
    """Yield the batches, and take the next one from Postgres in a thread meanwhile."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        coming = thread.submit(next, batches, None)
        while batch := coming.result():
            coming = thread.submit(next, batches, None)
            yield batch


def _write_all(folder: ExportFolder, files: dict[str, bytes]) -> None:
    for name, text in files.items():
        with folder.file(folder.export / name) as file:
            file.write(text)


def _withdrawn(connection: psycopg.Connection, selection: Selection) -> bytes:
    """Return the articles of the export's outlets that were withdrawn after its moment, as JSON lines."""
    rows = dict_rows(connection, "withdrawn_since", **selection.as_parameters())
    return "".join(json.dumps(row, ensure_ascii=False, default=datetime.isoformat) + "\n" for row in rows).encode()


def _nothing(connection: psycopg.Connection, selection: Selection) -> UsageError:
    [first] = connection.execute(query("first_article_at")).fetchone() or (None,)
    assert selection.as_of is not None  # noqa: S101 - it was settled
    if first is None or first > selection.as_of:
        since = f"the first was stored at {first.isoformat()}" if first else "none is stored yet"
        return UsageError(f"nothing to export: no article was known at {selection.as_of.isoformat()}; {since}")
    return UsageError("nothing to export: no article fits the filters (`warta articles` shows the newest)")
