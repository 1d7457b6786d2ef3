"""Results of fetched pages: the article, its revision, its snapshot, its fetches and its page's state, at once."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import psycopg
import zstandard
from psycopg.types.json import Jsonb

from scrapers.extract.clean import words_of
from scrapers.items import Article, Fetch, Image, LeasedPage, PageResult
from scrapers.storage.connection import query
from scrapers.urls import url_key

# What a revision is made of. Left out: addresses, markup and provenance, which are no content, and the related links,
# whose relative ages change with every look.
CONTENT = (
    "headline", "description", "author", "editor", "publisher", "date_line", "date_published", "date_published_raw",
    "date_modified", "date_modified_raw", "article_section", "keywords", "image", "article_body", "in_language",
    "alternative_headline", "contributor", "kind", "is_paywalled", "is_truncated", "identifier",
)  # fmt: skip

REFUSALS = (
    psycopg.DataError,
    psycopg.IntegrityError,
    psycopg.NotSupportedError,
    UnicodeError,
    psycopg.errors.ProgramLimitExceeded,
)
COMPRESSOR = zstandard.ZstdCompressor()  # not for two threads at once; a process has one connection


def store(connection: psycopg.Connection, run_id: UUID, results: Sequence[PageResult]) -> dict[int, str]:
    """Store a batch of results in one transaction; return the state of each page by its id.

    A result that Postgres refuses costs only itself: its page is quarantined with the error and the bytes. A page
    whose lease was lost in the meantime is left alone and has the state `lost`.
    """
    ordered = sorted(results, key=lambda result: result.article.canonical_url if result.article else "")
    with connection.transaction():
        try:
            with connection.pipeline(), connection.transaction():  # a round trip a page instead of six
                return _store_results(connection, run_id, ordered, _store_result)
        except REFUSALS:  # by whichever of them: now one by one
            return _store_results(connection, run_id, ordered, _store_or_quarantine)


def _store_results(
    connection: psycopg.Connection,
    run_id: UUID,
    results: Sequence[PageResult],
    store_one: Callable[[psycopg.Connection, UUID, PageResult], str],
) -> dict[int, str]:
    leased = _lock_leased(connection, [result.page for result in results])
    return {
        result.page.page_id: store_one(connection, run_id, result)
        if result.page.page_id in leased
        else _state_without_lease(connection, run_id, result.page)
        for result in results
    }


def _store_or_quarantine(connection: psycopg.Connection, run_id: UUID, result: PageResult) -> str:
    try:
        with connection.transaction():
            return _store_result(connection, run_id, result)
    except REFUSALS as error:
        refused = replace(result, article=None, state="quarantined", reason=_storable(f"storage: {error}"))
        with connection.transaction():
            return _store_result(connection, run_id, refused)


def _lock_leased(connection: psycopg.Connection, pages: Sequence[LeasedPage]) -> set[int]:
    keys = {"page_id": [page.page_id for page in pages], "lease_token": [page.lease_token for page in pages]}
    return {page_id for (page_id,) in connection.execute(query("lock_leased_pages"), keys)}


def _state_without_lease(connection: psycopg.Connection, run_id: UUID, page: LeasedPage) -> str:
    """Return `lost`, or the state that this run has left the page in: the answer to its COMMIT was lost."""
    ours = connection.execute(query("state_by_run"), {"run_id": run_id, "page_id": page.page_id}).fetchone()
    return str(ours[0]) if ours else "lost"


def _store_result(connection: psycopg.Connection, run_id: UUID, result: PageResult) -> str:
    page = result.page
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
    content = content_of(article)
    row = article_row(article, content) | {"page_id": page.page_id, "revision": 1}
    # of a page that had no article there mostly is none yet
    found = connection.execute(query("find_article"), row).fetchone() if page.content_sha256 else None
    if found is None:
        inserted = connection.execute(query("insert_article"), row).fetchone()
        if inserted:
            _insert_revision(connection, run_id, inserted[0], 1, article, content, snapshot, {})
            return "stored", None, None
        found = connection.execute(query("find_article"), row).fetchone()
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
    _insert_revision(connection, run_id, article_id, revision + 1, article, content, snapshot, changes)
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
    content: dict[str, Any],
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
            "content": Jsonb(content),
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
        row["snapshot_sha256"] = sha256(fetch.body).digest() if fetch.body else None
        row["snapshot_bytes"] = len(fetch.body or b"")
        row["snapshot"] = COMPRESSOR.compress(fetch.body) if fetch.body else None
        connection.execute(query("insert_fetch"), row)
        snapshot = row["snapshot_sha256"] or snapshot
    return snapshot


def content_of(article: Article) -> dict[str, Any]:
    """Return what makes a revision, as JSON: dates in ISO 8601 and UTC, tuples as lists."""
    return json.loads(json.dumps({name: getattr(article, name) for name in CONTENT}, default=_plain))  # type: ignore[no-any-return]  # json.loads gives Any


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else asdict(value)


def article_row(article: Article, content: dict[str, Any]) -> dict[str, Any]:
    """Return the article as the columns of table articles, but for page_id and revision; `content` is content_of it."""
    columns = {field.name: getattr(article, field.name) for field in fields(article)}
    image = columns.pop("image") or Image(None)
    body = words_of(" ".join(article.article_body))
    return {name: list(value) if isinstance(value, tuple) else value for name, value in columns.items()} | {
        "canonical_url_sha256": sha256(article.canonical_url.encode()).digest(),
        "url_key": url_key(article.canonical_url),
        "image_url": image.url,
        "image_caption": image.caption,
        "image_credit_text": image.credit_text,
        "related": Jsonb([asdict(link) for link in article.related]),
        "contributor": Jsonb([asdict(person) for person in article.contributor]),
        "images": Jsonb([asdict(one) for one in article.images]),
        "charset": Jsonb(asdict(article.charset)) if article.charset else None,
        "provenance": Jsonb(dict(article.provenance)),
        "content_sha256": sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).digest(),
        "body_sha256": sha256(body.encode()).digest(),
        "body_words": len(body.split()),
    }


def _storable(text: str) -> str:
    """Return `text` as Postgres takes it: one line, without NUL and lone surrogates, of bounded length."""
    text = text.encode("utf-8", "replace").decode().replace("\0", "")
    return " ".join(text.split())[:1000]
