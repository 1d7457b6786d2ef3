"""Results of fetched pages: the article, its revision, its snapshot, its fetches and its page's state, at once."""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime
from hashlib import sha256
from itertools import compress
from operator import not_
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from scrapers.extract.feed_evidence import StoredRevision, add_feed_evidence, keep_stored_evidence
from scrapers.extract.text.clean import words_of
from scrapers.items import Announced, Article, Fetch, Image, LeasedPage, PageResult
from scrapers.storage.claims import Claim, StoredArticle
from scrapers.storage.connection import query
from scrapers.storage.ledger import announced, discover, without_other_spellings
from scrapers.storage.snapshots import pack, store_snapshots
from scrapers.storage.takedowns import without_taken_down
from scrapers.urls import url_key

# What a revision is made of. Left out: addresses, markup and provenance, which are no content, and the related links,
# whose relative ages change with every look.
CONTENT = (
    "headline", "description", "author", "editor", "publisher", "date_line", "date_published", "date_published_raw",
    "date_modified", "date_modified_raw", "article_section", "keywords", "image", "article_body", "in_language",
    "alternative_headline", "contributor", "kind", "is_paywalled", "is_truncated", "identifier",
)  # fmt: skip

# Fields whose absence, or another rule for them, says that a template has changed.
WATCHED = ("headline", "article_body", "author", "date_published", "article_section", "keywords", "image")

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

HTML = re.compile(r"\.html?$")  # with which, or without, many servers show the same page
GONE = frozenset({"http_404", "http_410", "http_451", "soft_404", "not_found_notice"})  # reasons: no article any more
LED_AWAY = "redirected: "  # how the reason of a page begins that leads to a home or section page now
STUB = "truncated: the stored text is longer"

New = tuple[LeasedPage, Article, bytes | None]  # with the SHA-256 of the snapshot that the article was read from


def store(
    connection: psycopg.Connection, run_id: UUID, results: Sequence[PageResult], outlet: str | None = None
) -> dict[int, str]:
    """Store a batch of results in one transaction; return the state of each page by its id.

    With `outlet`, the links of the pages are added to its ledger.
    A result that Postgres refuses costs only itself: its page is quarantined with the error and the bytes. A page
    whose lease was lost in the meantime is left alone and has the state `lost`.
    """
    results = without_taken_down(connection, results)
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
        links = [link for result in results for link in result.links]
        discover(connection, run_id, outlet, without_other_spellings(connection, links))


def _store_held(
    connection: psycopg.Connection,
    run_id: UUID,
    results: Sequence[PageResult],
    store_all: Callable[[psycopg.Connection, UUID, Sequence[PageResult]], dict[int, str]],
) -> dict[int, str]:
    held = _lock_leased(connection, [result.page for result in results])
    ours = [_completed(result, held[page_id]) for result in results if (page_id := result.page.page_id) in held]
    states = store_all(connection, run_id, ours)
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


def _lock_leased(connection: psycopg.Connection, pages: Sequence[LeasedPage]) -> dict[int, Announced]:
    """Lock the pages that are still leased; return what feeds say of each by now."""
    keys = {"page_id": [page.page_id for page in pages], "lease_token": [page.lease_token for page in pages]}
    rows = connection.execute(query("lock_leased_pages"), keys)
    return {page_id: announced(*said) for page_id, *said in rows}


def _completed(result: PageResult, said: Announced) -> PageResult:
    return replace(result, article=add_feed_evidence(result.article, said)) if result.article else result


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
    _count_readings(connection, run_id, results)
    inserted = _insert_articles(connection, run_id, [new for result in results if (new := _plainly_new(result))])
    is_known = [result.article is not None and result.page.page_id not in inserted for result in results]
    withdrawn = _withdraw(connection, results)
    ends = [_end_of(result, *_left(result, withdrawn)) for result in compress(results, map(not_, is_known))]
    _finish_pages(connection, ends)
    for result in compress(results, is_known):
        end = _end_of(result, *_store_known(connection, run_id, result))
        _finish_pages(connection, [end])
        ends.append(end)
    return {end["page_id"]: end["state"] for end in ends}


def _count_readings(connection: psycopg.Connection, run_id: UUID, results: Sequence[PageResult]) -> None:
    """Count by which rule each of WATCHED was found, also where the article turns out to be the one before."""
    read = [(result.page.page_id, result.article.provenance) for result in results if result.article]
    counts = Counter((name, rules.get(name, "")) for _, rules in read for name in WATCHED)
    samples = {(name, rules.get(name, "")): page_id for page_id, rules in read for name in WATCHED}
    rows = [
        {"field": name, "rule": rule[:500], "readings": n, "sample_page_id": samples[name, rule]}
        for (name, rule), n in counts.items()
    ]
    if rows:
        connection.execute(query("count_readings"), {"run_id": run_id, "rows": as_json(rows)})


def _plainly_new(result: PageResult) -> New | None:
    """Return what to insert of a page that seems to be new and claims no address but its own; None for others."""
    page, article = result.page, result.article
    if article is None or page.content_sha256 is not None or article.canonical_url != page.url:
        return None
    return page, article, result.snapshot


def _withdraw(connection: psycopg.Connection, results: Sequence[PageResult]) -> set[int]:
    """Mark as withdrawn the articles of pages that show none any more; return the pages that had an article."""
    same = [result.page.page_id for result in results if result.is_same]
    if same:
        connection.execute(query("clear_soft_404"), {"page_id": same})
    gone = {result.page.page_id: result.reason for result in results if result.reason and _is_gone(result)}
    return _mark_withdrawn(connection, gone) if gone else set()


def _is_gone(result: PageResult) -> bool:
    return result.reason in GONE or (result.reason or "").startswith(LED_AWAY)


def _mark_withdrawn(connection: psycopg.Connection, reasons: Mapping[int, str]) -> set[int]:
    """Mark the articles of these pages as withdrawn, each for its reason; return the pages that have one."""
    given = {"page_id": list(reasons), "reason": list(reasons.values())}
    return {page_id for (page_id,) in connection.execute(query("mark_withdrawn"), given)}


def _left(result: PageResult, withdrawn: Set[int]) -> tuple[str, str | None]:
    """Return the state and reason of a page without an article; one that had its article is looked at again."""
    if result.page.page_id in withdrawn and result.state != "deferred":
        return "unchanged", f"withdrawn: {result.reason}"
    return result.state, result.reason


def _with_hash(result: PageResult, body: bytes | None) -> PageResult:
    """Return the result with the hash of its last kept body, which is its snapshot and what its answer is known by."""
    known_by = result.content_sha256 or (body if result.is_one_answer else None)
    return replace(result, snapshot=body or result.snapshot, content_sha256=known_by)


def _end_of(
    result: PageResult, state: str, reason: str | None = None, duplicate_of: int | None = None
) -> dict[str, Any]:
    """Return how the page's lease ends, as query `finish_pages` takes it."""
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
        "fetched": any(fetch.outcome == "answered" and fetch.source is None for fetch in result.fetches),
        "captured_at": max((fetch.requested_at for fetch in result.fetches if fetch.source), default=None),
    }


def _finish_pages(connection: psycopg.Connection, ends: Sequence[dict[str, Any]]) -> None:
    if ends:
        connection.execute(query("finish_pages"), {"pages": as_json(ends)})


def _insert_articles(
    connection: psycopg.Connection, run_id: UUID, articles: Sequence[New], *, were_looked_at: bool = False
) -> set[int]:
    """Insert the articles whose canonical URLs have none, with their first revisions; return the pages of these.

    Unless what is stored near them `were_looked_at`, those with the same text under another form of their address have
    to wait for that.
    """
    if not articles:
        return set()
    rows, revisions, texts = [], [], set()
    for page, article, snapshot in articles:
        content = content_of(article)
        row = article_row(article, content) | {"page_id": page.page_id, "revision": 1}
        text = row["body_sha256"], HTML.sub("", row["url_key"])
        if text in texts:
            continue
        texts.add(text)
        rows.append(row)
        own = as_json({"page_id": page.page_id, "snapshot_sha256": snapshot})
        revisions.append(f'{own[:-1]}, "content": {content}}}')
    given: dict[str, Any] = {"run_id": run_id, "articles": as_json(rows), "revisions": f"[{','.join(revisions)}]"}
    given["were_looked_at"] = were_looked_at
    return {page_id for (page_id,) in connection.execute(query("insert_articles"), given)}


def _store_known(
    connection: psycopg.Connection, run_id: UUID, result: PageResult
) -> tuple[str, str | None, int | None]:
    """Store the article of a page where others are to be looked at; return the page's state, reason, and its original.

    Which article a page's result is of is told by what was seen, the site's word is a hint. A page revises the article
    that was read from it before. Else it joins the article that stands under the address that it claims or its own, or
    that was read from the page of that address, if the two have headline or text in common; or the one with its very
    text under another form of its address. Else it is an article of
    its own: under the address that it claims, where that is its page's own or nobody's, else under its page's own.
    An article that stands under the address of a page that shows something else makes way, whichever came first.
    """
    claim = _claim(connection, result)
    if claim.is_taken_by_another():
        _make_way(connection, result.page.url)
        claim = _claim(connection, result)
    if own := claim.of_page():
        return _revise(connection, run_id, claim, own)
    joined = claim.joined()
    if joined and claim.page.url in (joined.canonical_url, joined.claimed_url):
        return _take_over(connection, run_id, claim, joined)
    if joined:
        return "duplicate", "canonical_url", joined.page_id
    article = claim.article if claim.is_free() else _under(claim.article, claim.address, "page:url")
    held = claim.at(article.canonical_url)
    if held and held.is_at_home:  # which a redirect has led to
        return "duplicate", "canonical_url", held.page_id
    _make_way(connection, article.canonical_url)
    new = [(result.page, article, result.snapshot)]
    if not _insert_articles(connection, run_id, new, were_looked_at=True):  # another crawl was faster
        return _store_known(connection, run_id, result)
    _keep_claim(connection, claim, article)
    return "stored", None, None


def _claim(connection: psycopg.Connection, result: PageResult) -> Claim:
    page, article = result.page, result.article
    assert article is not None  # noqa: S101 - results without one are stored together
    address = result.address or page.url
    key = {
        "page_id": page.page_id,
        "page_url": page.url,
        "claimed": article.canonical_url,
        "claimed_sha256": _sha256(article.canonical_url),
        "address_sha256": [_sha256(url) for url in (page.url, address)],
        "outlet": article.outlet,
        "url_key": url_key(article.canonical_url),
        "body_sha256": _sha256(_words_of(article)),
    }
    with connection.cursor(row_factory=class_row(StoredArticle)) as cursor:
        known = cursor.execute(query("find_articles"), key).fetchall()
    return Claim(page, article, address, result.snapshot, known)


def _revise(
    connection: psycopg.Connection, run_id: UUID, claim: Claim, own: StoredArticle
) -> tuple[str, str | None, int | None]:
    """Revise the page's own article, or mark it as withdrawn where something else stands in its place."""
    if why := claim.replaced(own):
        _mark_withdrawn(connection, {claim.page.page_id: why})
        return "unchanged", f"withdrawn: {why}", None
    held = claim.at(claim.article.canonical_url)
    if held is None or held is own:
        return _write(connection, run_id, claim, own, claim.article)
    if claim.is_at(held.canonical_url) and claim.is_another(held) and not held.is_at_home:
        _make_way(connection, held.canonical_url)
        return _write(connection, run_id, claim, own, claim.article)
    rule = own.provenance.get("canonical_url", "page:url")
    article = _under(claim.article, own.canonical_url, rule)
    _keep_claim(connection, claim, article)
    return _write(connection, run_id, claim, own, article)


def _take_over(
    connection: psycopg.Connection, run_id: UUID, claim: Claim, joined: StoredArticle
) -> tuple[str, str | None, int | None]:
    """Let the page of the article's address have the article, and the page that it was read from give way."""
    article = claim.article
    if article.is_truncated and not joined.content.get("is_truncated"):  # a paywall's stub is no better source
        return "unchanged", STUB, None
    connection.execute(query("demote_page"), {"page_id": joined.page_id, "duplicate_of": claim.page.page_id})
    held = claim.at(article.canonical_url)
    if held and held is not joined:
        article = _under(article, claim.page.url, "page:url")
    return _write(connection, run_id, claim, joined, article)


def _write(
    connection: psycopg.Connection, run_id: UUID, claim: Claim, known: StoredArticle, article: Article
) -> tuple[str, str | None, int | None]:
    """Write the article as the next revision of the known one, where its content differs."""
    stored = StoredRevision(known.content, known.provenance, known.date_published_precision)
    steady = keep_stored_evidence(article, stored, is_due=False)
    if known.is_withdrawn:
        connection.execute(query("clear_withdrawn"), {"page_id": [known.page_id]})
    if known.content_sha256 == _sha256(content_of(steady)):
        return _keep(connection, claim, known, article)
    if article.is_truncated and not known.content.get("is_truncated"):  # a paywall's stub is no edit
        return "unchanged", STUB, None
    article = keep_stored_evidence(article, stored, is_due=True)
    content = content_of(article)
    row = article_row(article, content) | {"page_id": claim.page.page_id, "revision": known.revision + 1}
    connection.execute(query("update_article"), {"article_id": known.article_id, "article": as_json(row)})
    connection.execute(
        query("insert_revision"),
        {
            "article_id": known.article_id,
            "run_id": run_id,
            "snapshot_sha256": claim.snapshot,
            "origin": "publisher",
            "content": content,
            "changes": as_json(changes_between(known.content, json.loads(content))),
        },
    )
    return "stored", "revised", None


def _keep(
    connection: psycopg.Connection, claim: Claim, known: StoredArticle, article: Article
) -> tuple[str, str | None, int | None]:
    """Keep the content; only its page or its address may be better ones now."""
    is_own = known.page_id == claim.page.page_id
    connection.execute(
        query("move_article"), {"article_id": known.article_id, "page_id": claim.page.page_id, "url": article.url}
    )
    if known.canonical_url != article.canonical_url:
        _set_address(connection, known.article_id, article.canonical_url, article.provenance.get("canonical_url", ""))
    return ("unchanged" if is_own else "stored"), None, None


def _keep_claim(connection: psycopg.Connection, claim: Claim, article: Article) -> None:
    """Keep which address the page claims, where its article goes under another: pages of one text claim the same."""
    claimed = claim.article.canonical_url
    if article.canonical_url != claimed:
        connection.execute(query("set_claim"), {"page_id": claim.page.page_id, "claimed_url": claimed})


def _make_way(connection: psycopg.Connection, canonical_url: str) -> None:
    """Let the article that stands under another page's address, if any does, go under its own page's.

    Whoever stands there makes way in the same manner. Each article waits aside meanwhile, so that this ends.
    """
    key = {"canonical_url_sha256": _sha256(canonical_url)}
    holder = connection.execute(query("find_holder"), key).fetchone()
    if holder is None:
        return
    article_id, page_url = holder
    _set_address(connection, article_id, f"{canonical_url}#{article_id}", "page:url", claimed_url=canonical_url)
    _make_way(connection, page_url)
    _set_address(connection, article_id, page_url, "page:url")


def _set_address(
    connection: psycopg.Connection, article_id: int, canonical_url: str, rule: str, claimed_url: str | None = None
) -> None:
    address = {"canonical_url": canonical_url, "canonical_url_sha256": _sha256(canonical_url)}
    values = {"article_id": article_id, "url_key": url_key(canonical_url), "rule": rule, "claimed_url": claimed_url}
    connection.execute(query("set_address"), address | values)


def _under(article: Article, canonical_url: str, rule: str) -> Article:
    return replace(article, canonical_url=canonical_url, provenance={**article.provenance, "canonical_url": rule})


def changes_between(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return what differs between the contents of two revisions: {field: [old, new]}."""
    return {name: [old.get(name), value] for name, value in new.items() if old.get(name) != value}


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
        packed = {name: pack(head) for name, head in heads.items() if head}
        rows.append(row | packed | {of: key, "bytes": fetch.size, "snapshot_sha256": digest})
    if bodies:
        store_snapshots(connection, run_id, bodies)
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
    body = _words_of(article)
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


def _words_of(article: Article) -> str:
    """Return the words of the body, by which the same text is known."""
    return words_of(" ".join(article.article_body))


def _storable(text: str) -> str:
    """Return `text` as Postgres takes it: one line, without NUL and lone surrogates, of bounded length."""
    text = text.encode("utf-8", "replace").decode().replace("\0", "")
    return " ".join(text.split())[:1000]
