"""The articles that a batch is about: those it has claimed and signed, and those that were signed before."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import accumulate, chain
from typing import Any, NamedTuple

import psycopg
from psycopg.postgres import adapters

from scrapers.dedup.addresses import article_key, outlet_id
from scrapers.dedup.arrays import BytesLoader, as_bigints
from scrapers.dedup.learning import learnt_sentences
from scrapers.dedup.text.boilerplate import is_syndicated
from scrapers.dedup.text.documents import Document, is_partial
from scrapers.dedup.text.recurring import NOTHING
from scrapers.dedup.text.signatures import ALGORITHM, Signature, decompress, sign
from scrapers.dedup.text.tokens import Hashes
from scrapers.storage.connection import query

MIN_ID_DIGITS = 4  # of an id that a page declares


@dataclass(frozen=True, slots=True)
class ClaimedArticle:
    """An article of this batch, signed."""

    article_id: int
    revision: int
    published: datetime | None
    body: int | None  # a hash of its text; None if that is not the article's alone
    signature: Signature
    url_key: int
    outlet_id: int | None
    syndicated: bool

    @property
    def text(self) -> bytes:
        """The bytes by which it is judged."""
        return self.signature.to_bytes()


class ExistingArticle(NamedTuple):
    """An article that was signed before."""

    article_id: int
    revision: int
    published: datetime | None
    body: int | None  # as that of a claimed article
    keys: bytes  # its sketch keys as Postgres sends them
    text: bytes  # by which it is judged


SignedArticle = ClaimedArticle | ExistingArticle


def sign_claimed(connection: psycopg.Connection, article_ids: Sequence[int]) -> list[ClaimedArticle]:
    """Return the articles as they are stored now, signed."""
    rows = connection.cursor(binary=True).execute(query("articles_to_sign"), {"article_ids": article_ids}).fetchall()
    learnt = learnt_sentences(connection, {outlet for _, outlet, *_ in rows})
    return [_signed(learnt, *row) for row in rows]


def _signed(
    learnt: Mapping[str, Hashes],
    article_id: int,
    outlet: str,
    url: str,
    headline: str,
    paragraphs: Sequence[str],
    identifier: str | None,
    published: datetime | None,
    revision: int,
    *traits: Any,
) -> ClaimedArticle:
    body = "\n\n".join(paragraphs)
    document = Document(article_id, headline, body, url, outlet, published, is_partial(*traits))
    signature = sign(document).without(learnt.get(outlet, NOTHING))
    return ClaimedArticle(
        article_id=article_id,
        revision=revision,
        published=published,
        body=int.from_bytes(identity[:8], signed=True) if (identity := signature.identity) else None,
        signature=signature,
        url_key=_hash64(article_key(url)),
        outlet_id=_hashed_outlet_id(url, outlet, headline, identifier, published),
        syndicated=is_syndicated(document),
    )


def _hashed_outlet_id(
    url: str, outlet: str, headline: str, identifier: str | None, published: datetime | None
) -> int | None:
    """Return a hash of the outlet's own id for the article, from its address or else from the page, or None.

    A declared id counts only together with headline and day: some templates print the same id on many pages.
    """
    if in_address := outlet_id(url):
        return _hash64("\0".join(in_address))
    if identifier and published and sum(char.isdigit() for char in identifier) >= MIN_ID_DIGITS:
        return _hash64("\0".join((outlet, identifier, headline.casefold(), published.date().isoformat())))
    return None


def _hash64(text: str) -> int:
    return int.from_bytes(sha256(text.encode()).digest()[:8], signed=True)


def existing_articles(connection: psycopg.Connection, article_ids: Iterable[int]) -> dict[int, ExistingArticle]:
    """Return those of the articles that have a signature of this algorithm, by id."""
    wanted = {"article_ids": as_bigints(sorted(article_ids)), "algorithm": ALGORITHM}
    cursor = connection.cursor(binary=True)
    cursor.adapters.register_loader(adapters.types["int8"].array_oid, BytesLoader)
    rows = cursor.execute(query("find_signatures"), wanted)
    return {
        article: ExistingArticle(article, revision, published, body, keys, decompress(text))
        for article, revision, published, body, keys, text in rows
    }


def array_columns(values: Mapping[int, Collection[int]]) -> dict[str, Any]:
    """Return several numbers of each article as columns: all in one array, `keys`, and each article's slice of it."""
    ends = list(accumulate(map(len, values.values())))
    return {
        "article_ids": as_bigints(values),
        "firsts": as_bigints(end - len(mine) + 1 for end, mine in zip(ends, values.values(), strict=True)),
        "lasts": as_bigints(ends),
        "keys": as_bigints(chain.from_iterable(values.values())),
    }
