"""What flows from step to step: Article and its parts (names of schema.org's NewsArticle), and the ledger's records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of the article; `credit_text` is who made it, without brackets or the word `Foto`."""

    url: str | None
    caption: str | None = None
    credit_text: str | None = None


@dataclass(frozen=True, slots=True)
class RelatedLink:
    """A card under the article; `relative_age` (`2 hari lalu`) dates the card on the day of the crawl."""

    headline: str
    url: str | None = None
    article_section: str | None = None
    relative_age: str | None = None


@dataclass(frozen=True, slots=True)
class Contributor:
    """Someone besides the authors who worked on the article; `role` is such as `reporter` or `photographer`."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Charset:
    """The charset that a page was read in, and those that its HTTP header and the page itself declare."""

    used: str
    header: str | None = None
    declared: str | None = None

    @property
    def is_disputed(self) -> bool:
        """Whether header and page declare different charsets, or neither the one that was used."""
        said = {charset for charset in (self.header, self.declared) if charset}
        return bool(said) and said != {self.used}


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One news article as read from one page.

    `url` is the address the page was read from, `canonical_url` the one that identifies the article.
    Dates are aware; the text they were read from stands in the `…_raw` field beside each, also where it
    could not be read, and beside it the precision with which it was printed: `day`, `minute` or `second`.
    `article_body` holds the paragraphs, `body_kinds` what each of them is: `paragraph`, `subhead`, `list_item` or
    `quote`; `images` are the pictures between them, `image` is the lead. `date_line` is the place and
    `date_line_agency` the agency before the first sentence, `initials` those of writer and editor after the last.
    `kind` is `article`, `live_blog`, `gallery`, `video`, `infographic`, `audio`, `index` or `other`. `is_truncated`
    says that the page holds less than the article, `is_paywalled` is None where the page doesn't say. `identifier` is
    the outlet's own of the article. `page_starts` counts the paragraphs before each page of an article that was joined
    from several, `next_pages` are the addresses of pages that follow. `charset` is set where header and page disagree
    about it.
    `provenance` names for each field that was found the rule that gave it, such as `json_ld:NewsArticle.headline`
    or `css:h1.headerTitle`.
    """

    outlet: str
    url: str
    canonical_url: str
    headline: str
    article_body: tuple[str, ...]
    description: str | None = None
    author: tuple[str, ...] = ()
    editor: str | None = None
    publisher: str | None = None
    date_line: str | None = None
    date_published: datetime | None = None
    date_published_raw: str | None = None
    date_modified: datetime | None = None
    date_modified_raw: str | None = None
    article_section: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    image: Image | None = None
    related: tuple[RelatedLink, ...] = ()
    in_language: str | None = None
    alternative_headline: str | None = None
    contributor: tuple[Contributor, ...] = ()
    date_published_precision: str | None = None
    date_modified_precision: str | None = None
    kind: str = "article"
    word_count: int | None = None
    is_paywalled: bool | None = None
    is_truncated: bool = False
    identifier: str | None = None
    amp_url: str | None = None
    page_starts: tuple[int, ...] = ()
    body_kinds: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    date_line_agency: str | None = None
    initials: str | None = None
    next_pages: tuple[str, ...] = ()
    charset: Charset | None = None
    provenance: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Link:
    """A URL as announced: where, and what was said of it. `variant_of` is set for another address of a page.

    `is_item` says that the announcement itself calls it an article: a feed's item, an entry of a news sitemap or of one
    whose own name says posts or articles, a headline of a list.
    """

    url: str
    discovered_in: str | None = None
    title: str | None = None
    author: tuple[str, ...] = ()
    published: datetime | None = None
    modified: datetime | None = None
    variant_of: str | None = None
    is_item: bool = False


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Something that a feed announces and the crawl does not take: its address as announced, and why, such as
    `bad_address`; `url` is empty where the item has no address at all.
    """

    url: str
    reason: str


@dataclass(frozen=True, slots=True)
class Announced:
    """What feeds have said of a page: evidence for what the page itself lacks. `published` is aware."""

    title: str | None = None
    author: tuple[str, ...] = ()
    published: datetime | None = None


@dataclass(frozen=True, slots=True)
class LeasedPage:
    """A page that this run alone may fetch now; `lease_token` proves it when the result is stored.

    `etag`, `last_modified` and `content_sha256` are of the answer that its article was read from; None where there is
    no article, where that took several answers, or where the run reads everything again.
    """

    page_id: int
    url: str
    lease_token: int
    attempts: int = 1
    etag: str | None = None
    last_modified: str | None = None
    content_sha256: bytes | None = None
    announced: Announced = field(default_factory=Announced)


@dataclass(frozen=True, slots=True)
class Missing:
    """What a host shows for pages that it doesn't have: its words, or where it leads; neither where it says 404."""

    words: frozenset[str] = frozenset()
    led_to: str | None = None


@dataclass(frozen=True, slots=True)
class CrawlScope:
    """Which pages a run is after; times compare with what feeds announced, None means no bound.

    `again` is for addresses whose answers are there already: also what the run itself has settled is taken.
    """

    full: bool = False
    urls: Sequence[str] | None = None
    again: bool = False
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Discovered:
    """What links brought: pages `new` to the outlet, those known of which something new was said, and `known`: how many
    of the links, one counted as often as it was given, the ledger has now; 0 for links that no feed announces.
    """

    new: int = 0
    changed: int = 0
    known: int = 0

    def __add__(self, other: "Discovered") -> "Discovered":
        return Discovered(self.new + other.new, self.changed + other.changed, self.known + other.known)


@dataclass(frozen=True, slots=True)
class NamedFeed:
    """A feed as the outlet declares it or another feed names it; `parameters` are what it is read with."""

    url: str
    kind: str
    parameters: Mapping[str, Any]
    lastmod: str | None = None


@dataclass(frozen=True, slots=True)
class PollMode:
    """Which feeds a run polls beside those that are due.

    `is_asked_for`: somebody waits for it, so that the time of a feed need not have come. `is_full`: sitemaps too whose
    index says that they did not change. `is_alone`: it heeds no other run, and polls what another one has just polled.
    """

    is_asked_for: bool = False
    is_full: bool = False
    is_alone: bool = False


@dataclass(frozen=True, slots=True)
class DueFeed:
    """A feed to poll now, with what its last good answer was known by; `is_taken` says that another run does it."""

    feed_id: int
    url: str
    kind: str
    parameters: dict[str, Any]
    lastmod: str | None
    etag: str | None
    last_modified: str | None
    content_sha256: bytes | None
    is_taken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PolledFeed:
    """What a poll gave: `error` says why it failed, `is_read` that its answer was read and not the one before.

    `status` is None where no answer came, `wait` how long its host asked to be left alone. `links` counts the articles
    that the answer announces, `announced` all that it names, which is `taken` or `untaken`.
    """

    feed_id: int
    lastmod: str | None = None
    status: int | None = None
    error: str | None = None
    is_read: bool = False
    is_changed: bool = False
    etag: str | None = None
    last_modified: str | None = None
    content_sha256: bytes | None = None
    bytes: int | None = None
    links: int | None = None
    announced: int | None = None
    taken: int | None = None
    untaken: int | None = None
    wait: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """One request and what came of it; `requested_at` is aware, `seconds` the time until the whole answer.

    The heads are first line and headers as HTTP writes them; they are stored where the body is. `source` is None for
    Warta's own request; for one of a web archive it is the file's name and the offset of its record there.
    """

    url: str
    requested_at: datetime
    seconds: float | None = None
    status: int | None = None
    size: int | None = None
    content_type: str | None = None
    robots: str = "allowed"
    outcome: str = "answered"
    error: str | None = None
    opt_outs: tuple[str, ...] = ()
    source: str | None = None
    body: bytes | None = field(default=None, repr=False)
    request_head: bytes | None = field(default=None, repr=False)
    response_head: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageResult:
    """What came of a leased page: an article, or the state to leave the page in with its reason.

    `links` are the outlet's articles that the page links to. `defer` is set for the state `deferred`; `is_attempt` is
    False where the page is not to blame: it keeps the attempts that it has. `revisit` says how long after it was first
    stored the page is due again. `is_same` says that the answer is the one before; else `etag`, `last_modified` and
    `content_sha256` are what the answer is known by, None where there were several. `is_one_answer` says that it is the
    last fetch, whose body gives the hash where it is kept. `snapshot` names the kept bytes that were read where nothing
    was fetched. `address` is the page's own after its redirects, as the outlet writes it; None where it led nowhere.
    """

    page: LeasedPage
    state: str = "stored"
    reason: str | None = None
    article: Article | None = None
    fetches: tuple[Fetch, ...] = ()
    links: tuple[Link, ...] = ()
    defer: timedelta | None = None
    is_attempt: bool = True
    revisit: Sequence[timedelta] = ()
    is_same: bool = False
    etag: str | None = None
    last_modified: str | None = None
    content_sha256: bytes | None = field(default=None, repr=False)
    is_one_answer: bool = False
    snapshot: bytes | None = field(default=None, repr=False)
    address: str | None = None
