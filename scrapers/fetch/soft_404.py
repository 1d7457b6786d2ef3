"""Soft 404: hosts that say 200 for what they don't have, told by asking them for something that cannot exist."""

import asyncio
import logging
import re
import secrets
import string
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin, urlsplit

from scrapy.exceptions import NotConfigured
from scrapy.http import Request, Response, TextResponse
from scrapy.http.request import NO_CALLBACK

from scrapers.extract.text.clean import clean
from scrapers.extract.text.notices import is_notice_sentence
from scrapers.fetch.bodies import is_page
from scrapers.fetch.context import context_of
from scrapers.fetch.hosts import host_of
from scrapers.fetch.refusals import SoftNotFound
from scrapers.fetch.visit import visit_of
from scrapers.items import LeasedPage, Missing
from scrapers.storage import hosts as stored_hosts
from scrapers.storage import ledger
from scrapers.urls import canonical_url

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

FRESH_S = 7 * 24 * 3600.0  # how long what a host said to the probe is believed
SAME = 0.9  # Jaccard similarity of a page's words to those of the probe's answer
MOST_OWN = 40  # words that a page which is missing has beside them; a short story among long menus has more
MOST_WORDS = 5000  # of a page that are compared
MOST_BYTES = 500_000  # of a page that are looked at: that is done in the crawl's own process
PROBE = "halaman-yang-tidak-ada"  # "page that does not exist"
WORD = re.compile(r"[^\W\d_]{4,}")
UNSEEN = re.compile(r"<[^<>]*>")  # scripts count as shown: they are the same on both pages
DATE = re.compile(r"(?:19|20)\d\d|\d{1,2}")  # a folder of an archive
AN_ID = re.compile(r"\d|[a-z][A-Z]|[A-Z][a-z]*[A-Z]")  # what a folder has that is an article's key
ADDRESSES = "link[rel=canonical]::attr(href), meta[property='og:url']::attr(content)"
TITLES = "h1::text, title::text, meta[property='og:title']::attr(content)"
NOTHING = Missing()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a probe; `led_to` is where it was redirected to, `addresses` and `titles` what it calls itself.

    `has_notice_title` tells that one of the titles is that of a notice.
    """

    status: int
    words: frozenset[str] = frozenset()
    led_to: str | None = None
    addresses: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    has_notice_title: bool = False

    def agrees(self, other: "Answer") -> bool:
        """Return whether both are one answer to whatever is not there."""
        return self.status == other.status and self.led_to == other.led_to and is_same(self.words, other.words)


class Soft404Middleware:
    """Take no page that is what its host shows for pages that it doesn't have, with status 200.

    A host is asked twice, once a week; and again in a crawl that would refuse a page for the second time.
    """

    def __init__(self, crawler: "Crawler") -> None:
        if not crawler.settings.getbool("SOFT_404_PROBE"):
            raise NotConfigured
        self.crawler = crawler
        self.hosts = context_of(crawler).hosts
        self._answers: dict[str, asyncio.Task[Missing]] = {}
        self._asked: set[str] = set()  # hosts, in this crawl

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Return the crawler's middleware; raises NotConfigured where the setting is off."""
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Raise SoftNotFound for such a page."""
        page = visit_of(request).page
        if page and is_page(response) and isinstance(response, TextResponse) and await self._is_missing(response, page):
            raise SoftNotFound("soft_404")
        return response

    async def _is_missing(self, response: TextResponse, page: LeasedPage) -> bool:
        """Return whether the page is what its host answers for pages that it doesn't have."""
        host = host_of(response)
        if host not in self._answers:
            self._answers[host] = asyncio.create_task(self._known_or_asked(host, response.url))
        if not _is_like(response, page, await asyncio.shield(self._answers[host])):
            return False
        if page.attempts == 1 or host in self._asked:
            return True
        self._answers[host] = asyncio.create_task(self._ask(host, response.url))
        return _is_like(response, page, await asyncio.shield(self._answers[host]))

    async def _known_or_asked(self, host: str, url: str) -> Missing:
        session = self.hosts.session
        known = await session.call(stored_hosts.find_probe, host, FRESH_S) if session else None
        return await self._ask(host, url) if known is None else known

    async def _ask(self, host: str, url: str) -> Missing:
        """Return the host's page for what it doesn't have; NOTHING where it says 404, as it should.

        It is asked beside the page, and in a folder that cannot exist either: a site that finds a story by its folder
        and ignores the name shows that story for the first, and something else for the second; then only what says
        itself that there is nothing counts.
        """
        self._asked.add(host)
        near, far = probes(url)
        first = await self._probe(near)
        second = await self._probe(far) if first and first.status == 200 else first
        if first is None or second is None:
            return NOTHING
        missing = NOTHING
        for answer, other in ((first, second), (second, first)):
            if answer.status == 200 and await self._tells(answer, is_agreed=answer.agrees(other)):
                missing = Missing(answer.words, answer.led_to)
                logger.warning("%s answers 200 for pages that it doesn't have; pages like that are not taken", host)
                break
        if self.hosts.session and first.status != 429 and first.status < 500:
            await self.hosts.session.call(stored_hosts.keep_probe, host, missing)
        return missing

    async def _tells(self, answer: Answer, *, is_agreed: bool) -> bool:
        """Return whether the answer is the host's for what it doesn't have, and not one of its stories."""
        if not is_agreed and (answer.led_to or not answer.has_notice_title):
            return False
        session = self.hosts.session
        addresses = [*answer.addresses, *([answer.led_to] if answer.led_to else [])]
        if session is None:
            return True
        return not await session.call(ledger.knows, session.outlet, addresses, answer.titles)

    async def _probe(self, url: str) -> Answer | None:
        try:
            response = await self.crawler.engine.download_async(Request(url, callback=NO_CALLBACK))
        except Exception as error:  # noqa: BLE001 - whatever it is, the page itself has been fetched and stands
            logger.info("%s was not asked for a page that cannot exist: %s", url, error)
            return None
        return answer_of(response)


def answer_of(response: Response) -> Answer:
    """Return what the answer to a probe shows and calls itself."""
    if not isinstance(response, TextResponse):
        return Answer(response.status, led_to=None if PROBE in response.url else response.url)
    page = response.replace(body=response.body[:MOST_BYTES])
    said = [href for href in page.css(ADDRESSES).getall() if PROBE not in href]
    titles = [clean(title) for title in page.css(TITLES).getall()]
    return Answer(
        status=response.status,
        words=words(response),
        led_to=None if PROBE in response.url else response.url,
        addresses=tuple(_canonical(said, response.url)),
        titles=tuple(title for title in titles if title and not is_notice_sentence(title)),
        has_notice_title=any(map(is_notice_sentence, titles)),
    )


def _canonical(links: Iterable[str], base: str) -> Iterable[str]:
    for link in links:
        try:
            yield canonical_url(urljoin(base, link))
        except ValueError:  # brackets that hold no address, a port that is no number
            continue


def probes(url: str) -> tuple[str, str]:
    """Return two addresses that cannot exist: beside that of a page, and beside it in another folder.

    Numbers and other keys in the folders are changed in both, since some sites find a story by them alone.
    """
    path = urlsplit(url).path
    folders = [_no_key(folder) for folder in path.rstrip("/").split("/")[1:-1]]
    slash = "/" if path.endswith("/") and path != "/" else ""
    others = [*folders[:-1], _no_name()] if folders else []
    near, far = (f"/{'/'.join([*one, _no_name()])}{slash}" for one in (folders, others))
    return urljoin(url, near), urljoin(url, far)


def _no_name() -> str:
    return f"{PROBE}-{secrets.randbelow(10**16)}"


def _no_key(folder: str) -> str:
    """Return a folder's name with other digits and letters in it, where it may be the key of an article."""
    if DATE.fullmatch(folder) or not AN_ID.search(folder):
        return folder
    return "".join(_other(sign) for sign in folder)


def _other(sign: str) -> str:
    kinds = (string.digits, string.ascii_lowercase, string.ascii_uppercase)
    return next((secrets.choice(kind) for kind in kinds if sign in kind), sign)


def _is_like(response: TextResponse, page: LeasedPage, missing: Missing) -> bool:
    """Return whether a page is what the host answers where it has nothing."""
    if missing.led_to:
        return response.url == missing.led_to != page.url
    if not missing.words:
        return False
    own = words_of_address(response.url)
    return is_same(words(response) - own, missing.words - own)


def words(response: Response) -> frozenset[str]:
    """Return the words that a page shows, the probe's own aside."""
    if not isinstance(response, TextResponse):
        return frozenset()
    text = response.body[:MOST_BYTES].decode(response.encoding, "replace")
    shown = islice(WORD.finditer(UNSEEN.sub(" ", text).lower()), MOST_WORDS)
    return frozenset(found[0] for found in shown) - words_of_address(PROBE)


def words_of_address(url: str) -> frozenset[str]:
    """Return the words of an address, which pages that say "not found" like to repeat."""
    return frozenset(WORD.findall(urlsplit(url).path.lower()))


def is_same(page: frozenset[str], missing: frozenset[str]) -> bool:
    """Return whether two pages show nearly the same words."""
    return len(page & missing) >= SAME * len(page | missing) and len(page - missing) <= MOST_OWN
