"""Results of fetched pages: the article, its revision, its snapshot, its fetches and its page's state, at once."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime
from hashlib import sha256
from itertools import compress
from operator import not_
from typing import Any
from uuid import UUID

import psycopg
import zstandard

from scrapers.extract.clean import words_of
from scrapers.items import Article, Fetch, Image, LeasedPage, PageResult
from scrapers.storage.connection import query
from scrapers.storage.ledger import discover
from scrapers.urls import url_key

# What a revision is made of. Left out: addresses, markup and provenance, which are no content, and the related links,
# whose relative ages change with every look.
CONTENT = (
    "headline", "description", "author", "editor", "publisher", "date_line", "date_published", "date_published_raw",
    "date_modified", "date_modified_raw", "article_section", "keywords", "image", "article_body", "in_language",
    "alternative_headline", "contributor", "kind", "is_paywalled", "is_truncated", "identifier",
)  # fmt: skip

COLUMNS = [field.name for field in fields(Article) if field.name != "image"]  # that are the article's, by its own names
OTHERWISE = ("size", "body", "request_head", "response_head")  # of a fetch, what the table has in another form
FETCH = [field.name for field in fields(Fetch) if field.name not in OTHERWISE]  # the same of table fetches

REFUSALS = (
    psycopg.DataError,
    psycopg.IntegrityError,
    psycopg.NotSupportedError,
    UnicodeError,
    psycopg.errors.ProgramLimitExceeded,
)
COMPRESSOR = zstandard.ZstdCompressor()  # not for two threads at once; a process has one connection

New = tuple[LeasedPage, Article, bytes | None]  # with the SHA-256 of the snapshot that the article was read from


def store(
    connection: psycopg.Connection, run_id: UUID, results: Sequence[PageResult], outlet: str | None = None
) -> dict[int, str]:
    """Store a batch of results in one transaction; return the state of each page by its id.

    With `outlet`, the links of the pages are added to its ledger.
    A result that Postgres refuses costs only itself: its page is quarantined with the error and the bytes. A page
    whose lease was lost in the meantime is left alone and has the state `lost`.
    """
    ordered = sorted(results, key=lambda result: result.article.canonical_url if result.article else "")
    try:
        with connection.transaction():
            _discover(connection, run_id, ordered, outlet)
            with connection.pipeline():  # what needs no answer is sent along
                return _store_held(connection, run_id, ordered, _store_together)
    except REFUSALS:  # by whichever of them: now one by one
        with connection.transaction():
            _discover(connection, run_id, ordered, outlet)
            return _store_held(connection, run_id, ordered, _store_one_by_one)


def _discover(connection: psycopg.Connection, run_id: UUID, results: Sequence[PageResult], outlet: str | None) -> None:
    """Add the pages' links; first of all, so that who waits here for another crawl holds no page yet."""
    if outlet:
        discover(connection, run_id, outlet, [link for result in results for link in result.links])


def _store_held(
    connection: psycopg.Connection,
    run_id: UUID,
    results: Sequence[PageResult],
    store_all: Callable[[psycopg.Connection, UUID, Sequence[PageResult]], dict[int, str]],
) -> dict[int, str]:
    held = _lock_leased(connection, [result.page for result in results])
    states = store_all(connection, run_id, [result for result in results if result.page.page_id in held])
    lost = [result.page for result in results if result.page.page_id not in held]
    return states | {page.page_id: _state_without_lease(connection, run_id, page) for page in lost}


def _store_one_by_one(connection: psycopg.Connection, run_id: UUID, results: Sequence[PageResult]) -> dict[int, str]:
    return {result.page.page_id: _store_or_quarantine(connection, run_id, result) for result in results}


def _store_or_quarantine(connection: psycopg.Connection, run_id: UUID, result: PageResult) -> str:
    try:
        with connection.transaction():
            [state] = _store_together(connection, run_id, [result]).values()
    except REFUSALS as error:
        refused = replace(result, article=None, state="quarantined", reason=_storable(f"storage: {error}"))
        with connection.transaction():
            [state] = _store_together(connection, run_id, [refused]).values()
    return state


def _lock_leased(connection: psycopg.Connection, pages: Sequence[LeasedPage]) -> set[int]:
    keys = {"page_id": [page.page_id for page in pages], "lease_token": [page.lease_token for page in pages]}
    return {page_id for (page_id,) in connection.execute(query("lock_leased_pages"), keys)}


def _state_without_lease(connection: psycopg.Connection, run_id: UUID, page: LeasedPage) -> str:
    """Return `lost`, or the state that this run has left the page in: the answer to its COMMIT was lost."""
    ours = connection.execute(query("state_by_run"), {"run_id": run_id, "page_id": page.page_id}).fetchone()
    return str(ours[0]) if ours else "lost"


def _store_together(connection: psycopg.Connection, run_id: UUID, results: Sequence[PageResult]) -> dict[int, str]:
    """Store what is new in one statement a table; articles that are known, or twice in the batch, follow one by one."""
    bodies = store_fetches(
        connection, run_id, [(result.page.page_id, fetch) for result in results for fetch in result.fetches]
    )
    results = [_with_hash(result, bodies.get(result.page.page_id)) for result in results]
    new: dict[str, New] = {}
    for result in results:
        if result.article and result.page.content_sha256 is None:  # of a page that had no article there mostly is none
            new.setdefault(result.article.canonical_url, (result.page, result.article, result.snapshot))
    inserted = _insert_articles(connection, run_id, list(new.values()))
    is_known = [result.article is not None and result.page.page_id not in inserted for result in results]
    ends = [_end_of(result, result.state, result.reason) for result in compress(results, map(not_, is_known))]
    _finish_pages(connection, ends)
    for result in compress(results, is_known):
        end = _end_of(result, *_store_known(connection, run_id, result))
        _finish_pages(connection, [end])
        ends.append(end)
    return {end["page_id"]: end["state"] for end in ends}


def _with_hash(result: PageResult, body: bytes | None) -> PageResult:
    """Return the result with the hash of its last kept body, which is its snapshot and what its answer is known by."""
    known_by = result.content_sha256 or (body if result.is_one_answer else None)
    return replace(result, snapshot=body or result.snapshot, content_sha256=known_by)


def _end_of(
    result: PageResult, state: str, reason: str | None = None, duplicate_of: int | None = None
) -> dict[str, Any]:
    """Return how the page's lease ends, as finish_pages.sql takes it."""
    return {
        "page_id": result.page.page_id,
        "state": state,
        "reason": reason,
        "defer_s": result.defer.total_seconds() if result.defer is not None else None,
        "is_attempt": result.is_attempt,
        "revisit_s": [wait.total_seconds() for wait in result.revisit],
        "is_same": result.is_same,
        "etag": result.etag,
        "last_modified": result.last_modified,
        "content_sha256": result.content_sha256,
        "duplicate_of": duplicate_of,
        "fetched": any(fetch.outcome == "answered" for fetch in result.fetches),
    }


def _finish_pages(connection: psycopg.Connection, ends: Sequence[dict[str, Any]]) -> None:
    if ends:
        connection.execute(query("finish_pages"), {"pages": as_json(ends)})


def _insert_articles(connection: psycopg.Connection, run_id: UUID, articles: Sequence[New]) -> set[int]:
    """Insert the articles whose canonical URLs have none, with their first revisions; return the pages of these."""
    if not articles:
        return set()
    rows, revisions = [], []
    for page, article, snapshot in articles:
        content = content_of(article)
        rows.append(article_row(article, content) | {"page_id": page.page_id, "revision": 1})
        own = as_json({"page_id": page.page_id, "snapshot_sha256": snapshot})
        revisions.append(f'{own[:-1]}, "content": {content}}}')
    given = {"run_id": run_id, "articles": as_json(rows), "revisions": f"[{','.join(revisions)}]"}
    return {page_id for (page_id,) in connection.execute(query("insert_articles"), given)}


def _store_known(
    connection: psycopg.Connection, run_id: UUID, result: PageResult
) -> tuple[str, str | None, int | None]:
    """Revise the article, or insert it after all; return the page's state, reason and what it duplicates."""
    page, article, snapshot = result.page, result.article, result.snapshot
    assert article is not None  # noqa: S101 - results without one are stored together
    key = {"canonical_url_sha256": _sha256(article.canonical_url)}
    found = connection.execute(query("find_article"), key).fetchone()
    if found is None:
        if _insert_articles(connection, run_id, [(page, article, snapshot)]):
            return "stored", None, None
        found = connection.execute(query("find_article"), key).fetchone()
        assert found is not None  # noqa: S101 - the conflict that stopped the insert is there
    article_id, source_id, revision, content_sha256, old_content = found
    is_canonical = page.url == article.canonical_url
    if source_id != page.page_id and not is_canonical:
        if article.url != article.canonical_url and _is_another(old_content, article):
            provenance = {**article.provenance, "canonical_url": "page:url"}
            own = replace(article, canonical_url=article.url, provenance=provenance)
            return _store_known(connection, run_id, replace(result, article=own))
        return "duplicate", "canonical_url", source_id
    content = content_of(article)
    is_same = content_sha256 == _sha256(content)
    if not is_same and article.is_truncated and not old_content.get("is_truncated"):  # a paywall's stub is no edit
        return "unchanged", "truncated: the stored text is longer", None
    if source_id != page.page_id:
        connection.execute(query("demote_page"), {"page_id": source_id, "duplicate_of": page.page_id})
    if is_same:
        connection.execute(
            query("move_article"), {"article_id": article_id, "page_id": page.page_id, "url": article.url}
        )
        return ("unchanged" if source_id == page.page_id else "stored"), None, None
    row = article_row(article, content) | {"page_id": page.page_id, "revision": revision + 1}
    connection.execute(query("update_article"), {"article_id": article_id, "article": as_json(row)})
    connection.execute(
        query("insert_revision"),
        {
            "article_id": article_id,
            "run_id": run_id,
            "snapshot_sha256": snapshot,
            "content": content,
            "changes": as_json(_changes(old_content, json.loads(content))),
        },
    )
    return "stored", "revised", None


def _changes(old: dict[str, Any], new: dict[str, Any]) -> dict[str, list[Any]]:
    return {name: [old.get(name), value] for name, value in new.items() if old.get(name) != value}


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


def store_fetches(
    connection: psycopg.Connection, run_id: UUID, fetches: Sequence[tuple[int, Fetch]], of: str = "page_id"
) -> dict[int, bytes]:
    """Add one row a request, each for its page (`of` a feed: "feed_id"), and keep the bodies.

    Return the SHA-256 of the last body of each page or feed.
    """
    rows, last, bodies = [], {}, {}
    for key, fetch in fetches:
        digest = sha256(fetch.body).digest() if fetch.body else None
        if digest and fetch.body:
            last[key], bodies[digest] = digest, fetch.body
        row = {name: getattr(fetch, name) for name in FETCH}
        heads = {"request_headers": fetch.request_head, "response_headers": fetch.response_head} if digest else {}
        packed = {name: COMPRESSOR.compress(head) for name, head in heads.items() if head}
        rows.append(row | packed | {of: key, "bytes": fetch.size, "snapshot_sha256": digest})
    if bodies:
        kept = sorted(bodies)  # in one order, so that no two crawls wait for each other
        snapshots = {
            "sha256": kept,
            "body": [COMPRESSOR.compress(bodies[digest]) for digest in kept],
            "bytes": [len(bodies[digest]) for digest in kept],
        }
        connection.execute(query("insert_snapshots"), snapshots)
    if rows:
        connection.execute(query("insert_fetches"), {"run_id": run_id, "fetches": as_json(rows)})
    return last


def content_of(article: Article) -> str:
    """Return what makes a revision, as JSON: dates in ISO 8601 and UTC, tuples as lists, names in order."""
    return as_json({name: getattr(article, name) for name in CONTENT})


def as_json(value: Any) -> str:
    """Return `value` as Postgres reads it into columns of json, text[], timestamptz and bytea."""
    return json.dumps(value, default=_plain, sort_keys=True, ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return f"\\x{value.hex()}" if isinstance(value, bytes) else asdict(value)


def _sha256(text: str) -> bytes:
    return sha256(text.encode()).digest()


def article_row(article: Article, content: str) -> dict[str, Any]:
    """Return the article as the columns of table articles, but for page_id and revision; `content` is content_of it."""
    columns = {name: getattr(article, name) for name in COLUMNS}
    image = article.image or Image(None)
    body = words_of(" ".join(article.article_body))
    return columns | {
        "canonical_url_sha256": _sha256(article.canonical_url),
        "url_key": url_key(article.canonical_url),
        "image_url": image.url,
        "image_caption": image.caption,
        "image_credit_text": image.credit_text,
        "provenance": dict(article.provenance),
        "content_sha256": _sha256(content),
        "body_sha256": _sha256(body),
        "body_words": len(body.split()),
    }


def _storable(text: str) -> str:
    """Return `text` as Postgres takes it: one line, without NUL and lone surrogates, of bounded length."""
    text = text.encode("utf-8", "replace").decode().replace("\0", "")
    return " ".join(text.split())[:1000]
