"""Articles whose stored pages are read again: their rows, and the revisions that differ by Warta's rules alone."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from scrapers.extract.feed_evidence import StoredRevision, add_feed_evidence, keep_stored_evidence
from scrapers.items import Announced, Article
from scrapers.storage.articles import CONTENT, article_row, as_json, changes_between, content_of
from scrapers.storage.connection import query

# Columns that belong to a field of another name, beside its own.
COLUMNS_OF = {
    "image": ("image_url", "image_caption", "image_credit_text", "images"),
    "article_body": (
        "page_starts",
        "body_kinds",
        "word_count",
        "body_words",
        "body_sha256",
        "next_pages",
        "date_line_agency",
    ),
    "author": ("initials",),
    "date_published": ("date_published_precision",),
    "date_modified": ("date_modified_precision",),
    "is_paywalled": ("is_truncated",),
}


@dataclass(frozen=True, slots=True)
class StoredPage:
    """An article's newest revision, the page that it was read from, and what feeds say of it.

    `body` is the compressed snapshot, `place` its name in the store; both are None where it is not kept. `status` is
    None where no server answered; `parts` counts the pages of an article that was joined from several, 0 for others.
    """

    article_id: int
    outlet: str
    page_id: int
    url: str
    canonical_url: str
    revision: int
    provenance: dict[str, str]
    precision: str | None
    content: dict[str, Any]
    snapshot_sha256: bytes | None
    body: bytes | None
    dictionary_sha256: bytes | None
    place: str | None
    parts: int
    content_type: str | None
    requested_at: datetime | None
    status: int | None
    announced_title: str | None
    announced_author: list[str] | None
    announced_published: datetime | None

    @property
    def announced(self) -> Announced:
        """Return what feeds say of the page."""
        return Announced(self.announced_title, tuple(self.announced_author or ()), self.announced_published)


@dataclass(frozen=True, slots=True)
class Rewritten:
    """An article as newer rules read it, and what that changes in its content: {field: [old, new]}."""

    article: Article
    changes: dict[str, list[Any]]


def outlets_with_articles(connection: psycopg.Connection) -> list[str]:
    """Return the outlets that have articles, by name."""
    return [outlet for (outlet,) in connection.execute(query("outlets_with_articles"))]


def stored_pages(
    connection: psycopg.Connection,
    outlet: str,
    after: int,
    limit: int,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[StoredPage]:
    """Return the outlet's articles after one, by id, at most `limit`; those dated from `since` to before `until`."""
    asked = {"outlet": outlet, "after": after, "limit": limit, "since": since, "until": until}
    with connection.cursor(row_factory=class_row(StoredPage)) as cursor:
        return cursor.execute(query("articles_to_read_again"), asked).fetchall()


@dataclass(frozen=True, slots=True)
class StoredPart:
    """One page of an article that was joined from several, compressed; `place` is its name where the store has it."""

    url: str
    content_type: str | None
    requested_at: datetime
    body: bytes | None
    dictionary_sha256: bytes | None
    place: str | None


def stored_parts(connection: psycopg.Connection, stored: StoredPage) -> list[StoredPart]:
    """Return the pages that an article was joined from, in order; fewer than its `parts` where some are not kept."""
    asked = {"page_id": stored.page_id, "article_id": stored.article_id}
    with connection.cursor(row_factory=class_row(StoredPart)) as cursor:
        return cursor.execute(query("parts_to_read_again"), asked).fetchall()


def rewritten(stored: StoredPage, article: Article, fields: Collection[str]) -> Rewritten:
    """Return the article, and what it changes in these fields of what is stored."""
    known = StoredRevision(stored.content, stored.provenance, stored.precision)
    article = add_feed_evidence(article, stored.announced)
    article = replace(article, url=stored.url, canonical_url=stored.canonical_url)
    article = keep_stored_evidence(article, known, is_due=False)
    content = json.loads(content_of(article))
    changes = changes_between(stored.content, {name: content[name] for name in CONTENT if name in fields})
    return Rewritten(article, changes)


def store_rewritten(connection: psycopg.Connection, run_id: UUID, stored: StoredPage, new: Rewritten) -> bool:
    """Store the changes as a revision of Warta's own; False where a crawl has revised the article meanwhile."""
    key = {"article_id": stored.article_id, "revision": stored.revision}
    row = connection.execute(query("lock_article_row"), key).fetchone()
    if row is None:
        return False
    content = as_json(
        {name: new.changes[name][1] if name in new.changes else stored.content.get(name) for name in CONTENT}
    )
    given = article_row(new.article, content)
    names = {column for field in new.changes for column in (field, *COLUMNS_OF.get(field, ()))} & given.keys()
    changed = {name: given[name] for name in names | {"content_sha256"}}
    rules = {name: rule for name, rule in new.article.provenance.items() if name in names}
    revised = row[0] | changed | {"provenance": stored.provenance | rules, "revision": stored.revision + 1}
    connection.execute(query("update_article"), {"article_id": stored.article_id, "article": as_json(revised)})
    connection.execute(
        query("insert_revision"),
        {
            "article_id": stored.article_id,
            "run_id": run_id,
            "snapshot_sha256": stored.snapshot_sha256,
            "origin": "reextraction",
            "content": content,
            "changes": as_json(new.changes),
        },
    )
    return True


def unfinished(connection: psycopg.Connection, run_id: UUID, outlet: str, arguments: Mapping[str, Any]) -> int:
    """Return the article after which a run with these arguments goes on: 0, or where the one before ended too early."""
    asked = {"run_id": run_id, "outlet": outlet, "arguments": json.dumps(arguments)}
    row = connection.execute(query("unfinished_reextraction"), asked).fetchone()
    return row[0] if row else 0


def note_progress(connection: psycopg.Connection, run_id: UUID, article_id: int) -> None:
    """Note that the articles up to this one are done."""
    connection.execute(query("note_progress"), {"run_id": run_id, "progress": article_id})
