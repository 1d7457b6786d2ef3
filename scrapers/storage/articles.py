"""Results of fetched pages: the article, its revision, its snapshot, its fetches and its page's state, at once."""

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import psycopg
import zstandard
from psycopg.types.json import Jsonb

from scrapers.items import Article, Fetch, LeasedPage, PageResult
from scrapers.storage.connection import query
from scrapers.urls import url_key

# What a revision is made of. Left out: addresses, markup and provenance, which are no content, and the related links,
# whose relative ages change with every look.
CONTENT = (
    "headline", "description", "author", "editor", "publisher", "date_line", "date_published", "date_published_raw",
    "date_modified", "date_modified_raw", "article_section", "keywords", "image", "article_body", "in_language",
    "alternative_headline", "contributor", "kind", "is_paywalled", "is_truncated", "identifier",
)  # fmt: skip


def store(connection: psycopg.Connection, run_id: UUID, results: Sequence[PageResult]) -> dict[int, str]:
    """Store a batch of results in one transaction; return the state of each page by its id.

    A result that Postgres refuses costs only itself: its page is quarantined with the error and the bytes. A page
    whose lease was lost in the meantime is left alone and has the state `lost`.
    """
    states: dict[int, str] = {}
    with connection.transaction():
        for result in sorted(results, key=lambda result: result.article.canonical_url if result.article else ""):
            try:
                with connection.transaction():
                    states[result.page.page_id] = _store_result(connection, run_id, result)
            except (psycopg.DataError, psycopg.IntegrityError, psycopg.NotSupportedError, UnicodeError,
                    psycopg.errors.ProgramLimitExceeded) as error:  # fmt: skip
                refused = replace(result, article=None, state="quarantined", reason=_storable(f"storage: {error}"))
                with connection.transaction():
                    states[result.page.page_id] = _store_result(connection, run_id, refused)
    return states


def _store_result(connection: psycopg.Connection, run_id: UUID, result: PageResult) -> str:
    page = result.page
    locked = connection.execute(
        query("lock_leased_page"), {"page_id": page.page_id, "lease_token": page.lease_token}
    ).fetchone()
    if locked is None:  # the lease was lost, or the answer to the COMMIT that stored this very result
        ours = connection.execute(query("state_by_run"), {"run_id": run_id, "page_id": page.page_id}).fetchone()
        return str(ours[0]) if ours else "lost"
    snapshot = store_fetches(connection, run_id, result.fetches, page_id=page.page_id) or result.snapshot
    state, reason, duplicate_of = result.state, result.reason, None
    if result.article:
        state, reason, duplicate_of = _store_article(connection, run_id, page, result.article, snapshot)
    connection.execute(
        query("finish_page"),
        {
            "page_id": page.page_id,
            "state": state,
            "reason": reason,
            "defer": result.defer,
            "is_attempt": result.is_attempt,
            "revisit": list(result.revisit),
            "is_same": result.is_same,
            "etag": result.etag,
            "last_modified": result.last_modified,
            "content_sha256": result.content_sha256,
            "duplicate_of": duplicate_of,
            "fetched": any(fetch.outcome == "answered" for fetch in result.fetches),
        },
    )
    return state


def _store_article(
    connection: psycopg.Connection, run_id: UUID, page: LeasedPage, article: Article, snapshot: bytes | None
) -> tuple[str, str | None, int | None]:
    """Insert or revise the article; return the page's state, reason and what it duplicates."""
    row = article_row(article) | {"page_id": page.page_id, "revision": 1}
    content = content_of(article)
    found = connection.execute(query("find_article"), row).fetchone()
    if found is None:
        inserted = connection.execute(query("insert_article"), row).fetchone()
        if inserted:
            _insert_revision(connection, run_id, inserted[0], 1, article, snapshot, {})
            return "stored", None, None
        found = connection.execute(query("find_article"), row).fetchone()  # another crawl was first
        assert found is not None  # noqa: S101 - the conflict that stopped the insert is there
    article_id, source_id, revision, content_sha256, old_content = found
    is_canonical = page.url == article.canonical_url
    if source_id != page.page_id and not is_canonical:
        if article.url != article.canonical_url and _is_another(old_content, article):
            provenance = {**article.provenance, "canonical_url": "page:url"}
            own = replace(article, canonical_url=article.url, provenance=provenance)
            return _store_article(connection, run_id, page, own, snapshot)
        return "duplicate", "canonical_url", source_id
    is_same = content_sha256 == row["content_sha256"]
    if not is_same and article.is_truncated and not old_content.get("is_truncated"):  # a paywall's stub is no edit
        return "unchanged", "truncated: the stored text is longer", None
    if source_id != page.page_id:
        connection.execute(query("demote_page"), {"page_id": source_id, "duplicate_of": page.page_id})
    if is_same:
        connection.execute(
            query("move_article"), {"article_id": article_id, "page_id": page.page_id, "url": article.url}
        )
        return ("unchanged" if source_id == page.page_id else "stored"), None, None
    connection.execute(query("update_article"), row | {"article_id": article_id, "revision": revision + 1})
    changes = {name: [old_content.get(name), new] for name, new in content.items() if old_content.get(name) != new}
    _insert_revision(connection, run_id, article_id, revision + 1, article, snapshot, changes)
    return "stored", "revised", None


def _is_another(stored: dict[str, Any], article: Article) -> bool:
    """Return whether the article shares neither headline nor text with the one whose address it claims.

    Templates that print one `rel=canonical` on many pages would make them revisions of a single article. A further page
    of an article has its headline, a shortened or edited one has most of its text.
    """
    headlines = [_words([headline]) for headline in (stored["headline"], article.headline)]
    if len(headlines[0] & headlines[1]) * 2 >= min(len(words) for words in headlines):
        return False
    bodies = [_words(body) for body in (stored["article_body"], article.article_body)]
    return len(bodies[0] & bodies[1]) * 2 < min(len(words) for words in bodies)


def _words(texts: Sequence[str]) -> set[str]:
    return set(" ".join(texts).casefold().split())


def _insert_revision(
    connection: psycopg.Connection,
    run_id: UUID,
    article_id: int,
    revision: int,
    article: Article,
    snapshot: bytes | None,
    changes: dict[str, Any],
) -> None:
    connection.execute(
        query("insert_revision"),
        {
            "article_id": article_id,
            "revision": revision,
            "run_id": run_id,
            "snapshot_sha256": snapshot,
            "url": article.url,
            "content": Jsonb(content_of(article)),
            "provenance": Jsonb(dict(article.provenance)),
            "changes": Jsonb(changes),
        },
    )


def store_fetches(
    connection: psycopg.Connection,
    run_id: UUID,
    fetches: Sequence[Fetch],
    *,
    page_id: int | None = None,
    feed_id: int | None = None,
) -> bytes | None:
    """Add one row a request, of a page or of a feed, and keep the bodies; return the last body's SHA-256."""
    snapshot = None
    for fetch in fetches:
        row = asdict(fetch) | {"run_id": run_id, "page_id": page_id, "feed_id": feed_id}
        row["opt_outs"] = list(fetch.opt_outs)
        row["snapshot_sha256"] = _store_snapshot(connection, fetch.body) if fetch.body else None
        connection.execute(query("insert_fetch"), row)
        snapshot = row["snapshot_sha256"] or snapshot
    return snapshot


def _store_snapshot(connection: psycopg.Connection, body: bytes) -> bytes:
    digest = sha256(body).digest()
    compressed = zstandard.compress(body)
    connection.execute(query("insert_snapshot"), {"sha256": digest, "body": compressed, "bytes": len(body)})
    return digest


def content_of(article: Article) -> dict[str, Any]:
    """Return what makes a revision, as JSON: dates in ISO 8601 and UTC, tuples as lists."""
    fields = asdict(article)
    return json.loads(json.dumps({name: fields[name] for name in CONTENT}, default=_iso))  # type: ignore[no-any-return]  # json.loads gives Any


def _iso(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()


def article_row(article: Article) -> dict[str, Any]:
    """Return the article as the columns of table articles, but for page_id and revision."""
    fields = asdict(article)
    image = fields.pop("image") or {}
    content = json.dumps(content_of(article), sort_keys=True, ensure_ascii=False)
    body = normalised_body(article)
    return {name: list(value) if isinstance(value, tuple) else value for name, value in fields.items()} | {
        "canonical_url_sha256": sha256(article.canonical_url.encode()).digest(),
        "url_key": url_key(article.canonical_url),
        "image_url": image.get("url"),
        "image_caption": image.get("caption"),
        "image_credit_text": image.get("credit_text"),
        "related": Jsonb(fields["related"]),
        "contributor": Jsonb(fields["contributor"]),
        "images": Jsonb(fields["images"]),
        "charset": Jsonb(fields["charset"]) if fields["charset"] else None,
        "provenance": Jsonb(dict(article.provenance)),
        "content_sha256": sha256(content.encode()).digest(),
        "body_sha256": sha256(body.encode()).digest(),
        "body_words": len(body.split()),
    }


def normalised_body(article: Article) -> str:
    """Return the body's words alone: one space between, case folded, quotes, dashes and other marks left out."""
    text = unicodedata.normalize("NFKC", " ".join(article.article_body)).casefold()
    return " ".join("".join(char if char.isalnum() else " " for char in text).split())


def _storable(text: str) -> str:
    """Return `text` as Postgres takes it: one line, without NUL and lone surrogates, of bounded length."""
    text = text.encode("utf-8", "replace").decode().replace("\0", "")
    return " ".join(text.split())[:1000]
