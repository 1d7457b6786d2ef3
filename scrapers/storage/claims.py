"""What a page claims to be, checked against what is stored: whether two texts are one article, or a notice for one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from scrapers.items import Article, LeasedPage
from scrapers.urls import url_key

# A word; of scripts that write none, a sign.
WORD = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]|[^\W\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]+")
MOST_WORDS = 5000  # of a body that are compared
RUN = 3  # words in a row: single ones are shared by any two texts of a language
EDITED = 0.5  # of the shorter text's runs that are in the other: a shortened or edited form of it has more
MOVED = 0.2  # of them: so many are left of an article that was edited and has another address
FOREIGN = 0.05  # of them: two texts that have nothing to do with each other have fewer
OWN_HEADLINE = 4  # words of a headline that no two articles share by chance
A_STORY = 60  # words
NEXT_TO_NOTHING = 1 / 3  # of a story's words


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """A stored article with the content of its newest revision, and the page that it was read from.

    `claimed_url` is the address that this page declares, where that is another article's; `is_at_claimed` says that the
    article is what the address shows that the page under question claims.
    """

    article_id: int
    page_id: int
    page_url: str
    canonical_url: str
    claimed_url: str | None
    revision: int
    content_sha256: bytes
    provenance: Mapping[str, str]
    date_published_precision: str | None
    content: dict[str, Any]
    is_withdrawn: bool
    is_at_claimed: bool

    @property
    def is_at_home(self) -> bool:
        """Return whether it stands under the address of the very page that it was read from."""
        return self.page_url == self.canonical_url


@dataclass(frozen=True, slots=True)
class Claim:
    """The article that was read from a page, and the stored ones that it may be.

    `address` is the page's own, after its redirects. `snapshot` is of the bytes that were read.
    """

    page: LeasedPage
    article: Article
    address: str
    snapshot: bytes | None
    known: Sequence[StoredArticle]

    def of_page(self) -> StoredArticle | None:
        """Return the article that was read from this page; of several the one under the address that it claims."""
        own = [one for one in self.known if one.page_id == self.page.page_id]
        return max(own, key=lambda one: (one.canonical_url == self.article.canonical_url, one.article_id), default=None)

    def at(self, canonical_url: str) -> StoredArticle | None:
        """Return the article under an address."""
        return next((one for one in self.known if one.canonical_url == canonical_url), None)

    def is_at(self, canonical_url: str) -> bool:
        """Return whether the page was read at this very address."""
        return canonical_url in (self.page.url, self.address)

    def is_taken_by_another(self) -> bool:
        """Return whether under this page's address stands what it does not show, read from a page that claimed it."""
        there = self.at(self.page.url)
        return there is not None and there.page_id != self.page.page_id and self.is_another(there)

    def is_free(self) -> bool:
        """Return whether the article may have the address that it claims: its page's own, or that of no known page."""
        url = self.article.canonical_url
        return self.is_at(url) or not any(one.is_at_claimed or one.canonical_url == url for one in self.known)

    def joined(self) -> StoredArticle | None:
        """Return the stored article that this is a page of, the one under the claimed address before others."""
        order = (self.article.canonical_url, self.address)
        same = [one for one in self.known if not self.is_another(one)]
        return min(same, key=lambda one: [one.canonical_url != url for url in order], default=None)

    def is_another(self, known: StoredArticle) -> bool:
        """Return whether a stored article is not this one.

        Templates that print one `rel=canonical` on many pages would make them pages of a single article. A shortened or
        edited form of an article has most of its text. A further page of it has its headline instead, and its address
        but for an ending; where the addresses have nothing in common, the headline must be of some length and the date
        the same.
        """
        if shared(known.content["article_body"], self.article.article_body) >= EDITED:
            return False
        one, other = (frozenset(words([text])) for text in (known.content["headline"], self.article.headline))
        if any(is_form(url, self.page.url) for url in (known.canonical_url, known.page_url)):
            return not (one <= other or other <= one)
        return one != other or len(one) < OWN_HEADLINE or not self._is_dated_as(known)

    def _is_dated_as(self, known: StoredArticle) -> bool:
        said = known.content["date_published"]
        return said is not None and self.article.date_published == datetime.fromisoformat(said).astimezone(UTC)

    def replaced(self, known: StoredArticle) -> str | None:
        """Return why what the page shows is not a revision of its article but in the place of it; None where it is one.

        The page leads to another article now; or its text is next to nothing beside the stored one, has nothing of it,
        and the headline is gone too. An edited, a shortened, a corrected article has some of it.
        """
        share = shared(known.content["article_body"], self.article.article_body)
        if url_key(self.address) != url_key(self.page.url) and share < MOVED and self.is_another(known):
            return f"redirected: {self.address[:500]}"
        if share >= FOREIGN or telling(known.content["headline"]) & telling(self.article.headline):
            return None
        before, now = len(words(known.content["article_body"])), len(words(self.article.article_body))
        return "notice" if before >= A_STORY and now <= before * NEXT_TO_NOTHING else None


def telling(headline: str) -> set[str]:
    """Return the words of a headline that say what it is about: of scripts that write short ones the long ones."""
    return {word for word in words([headline]) if len(word) > 3 or not word.isascii()}


def words(texts: Sequence[str]) -> list[str]:
    """Return the words of texts in lower case, at most MOST_WORDS."""
    found = (word for text in texts for word in WORD.finditer(text.casefold()))
    return [word[0] for word in islice(found, MOST_WORDS)]


def shared(one: Sequence[str], other: Sequence[str]) -> float:
    """Return the share, from 0 to 1, of the shorter text's runs of words that are in the other text too."""
    texts = words(one), words(other)
    run = max(1, min(RUN, *map(len, texts)))
    runs = [{tuple(text[at : at + run]) for at in range(len(text) - run + 1)} for text in texts]
    shorter = min(map(len, runs))
    return len(runs[0] & runs[1]) / shorter if shorter else float(tuple(one) == tuple(other))


def is_form(one: str, other: str) -> bool:
    """Return whether two addresses are of one page by their look: the same but for host, query, or a further folder."""
    if url_key(one) == url_key(other):
        return True
    paths = sorted((urlsplit(url).path.rstrip("/") for url in (one, other)), key=len)
    return bool(paths[0]) and (paths[0] == paths[1] or paths[1].startswith(f"{paths[0]}/"))
