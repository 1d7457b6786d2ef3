"""The part of an article that deduplication reads, and a reader of JSON-lines files of articles."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from scrapers.errors import UsageError

PICTURED = ("gallery", "video", "infographic", "audio")  # kinds of pages whose text is not what they show


@dataclass(frozen=True, slots=True)
class Document:
    """An article's identity and text; `body` is plain text, paragraphs in any white space.

    `is_partial` says that its page shows a film, pictures, or less than the whole text.
    """

    id: int | str
    title: str
    body: str
    url: str | None = None
    outlet: str | None = None
    date: datetime | None = None
    is_partial: bool = False


def is_partial(kind: str | None, is_paywalled: bool | None, is_truncated: bool | None) -> bool:
    """Return whether an article's text may be less than the article, by what its page says of itself."""
    return kind in PICTURED or bool(is_paywalled) or bool(is_truncated)


def read_documents(path: Path) -> Iterator[Document]:
    """Yield the articles of a JSON-lines file, which may be gzipped (`.gz`).

    Each line needs `id`, `title` and `body`; `url`, `outlet`, `date` (ISO 8601), `kind`, `is_paywalled` and
    `is_truncated` are optional, other fields ignored.
    Raises UsageError with the number of the first line that is not such an article.
    """
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _document(line, f"{path}, line {number}")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} can't be read: {error}") from error


def _document(line: str, where: str) -> Document:
    try:
        found = json.loads(line)
    except ValueError as error:
        raise UsageError(f"{where}: no JSON ({error}); write one object a line") from error
    if not isinstance(found, dict) or not isinstance(found.get("id"), int | str) or isinstance(found["id"], bool):
        raise UsageError(f"{where}: no article; write an object with id (a number or text), title and body")
    texts = {name: found.get(name) for name in ("title", "body", "url", "outlet", "date", "kind")}
    for name, value in texts.items():
        if not isinstance(value, str | None) or (value is None and name in ("title", "body")):
            raise UsageError(f"{where}: {name} is {json.dumps(value)[:40]}; write text")
    return Document(
        id=found["id"],
        title=texts["title"] or "",
        body=texts["body"] or "",
        url=texts["url"],
        outlet=texts["outlet"],
        date=_date(texts["date"], where),
        is_partial=is_partial(texts["kind"], found.get("is_paywalled") is True, found.get("is_truncated") is True),
    )


def _date(written: str | None, where: str) -> datetime | None:
    if written is None:
        return None
    try:
        return datetime.fromisoformat(written)
    except ValueError as error:
        raise UsageError(
            f"{where}: date {written[:40]!r} is not ISO 8601, such as 2025-01-31T08:00:00+07:00"
        ) from error
