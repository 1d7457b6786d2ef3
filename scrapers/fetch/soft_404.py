"""Soft 404: hosts that say 200 for what they don't have, told by asking them for something that cannot exist."""

import asyncio
import logging
import re
import secrets
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from scrapy.http import Request, Response, TextResponse
from scrapy.http.request import NO_CALLBACK

from scrapers.fetch.hosts import Hosts, host_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

FRESH_S = 7 * 24 * 3600.0  # how long what a host said to the probe is believed
SAME = 0.9  # Jaccard similarity of a page's words to those of the probe's answer
MOST_WORDS = 5000  # of a page that are compared
PROBE = "halaman-yang-tidak-ada"  # "page that does not exist"
WORD = re.compile(r"[^\W\d_]{4,}")
UNSEEN = re.compile(r"<[^<>]*>")  # scripts count as shown: they are the same on both pages


class SoftNotFound:
    """Knows what each host of a crawl answers where it has nothing; a host is asked once a week."""

    def __init__(self, crawler: "Crawler", hosts: Hosts) -> None:
        self.crawler = crawler
        self.hosts = hosts
        self._answers: dict[str, asyncio.Task[frozenset[str]]] = {}

    async def is_missing(self, response: Response) -> bool:
        """Return whether the page is what its host answers for pages that it doesn't have."""
        if not isinstance(response, TextResponse) or not self.crawler.settings.getbool("SOFT_404_PROBE"):
            return False
        host = host_of(response)
        if host not in self._answers:
            self._answers[host] = asyncio.create_task(self._answer(host, response.url))
        missing = await asyncio.shield(self._answers[host])
        own = words_of_address(response.url)
        return bool(missing) and is_same(words(response) - own, missing - own)

    async def _answer(self, host: str, url: str) -> frozenset[str]:
        """Return the words of the host's page for what it doesn't have; none where it says 404, as it should."""
        session = self.hosts.session
        if session and (known := await session.find_probe(host, FRESH_S)) is not None:
            return known
        probe = urljoin(url, f"{PROBE}-{secrets.randbelow(10**16)}")
        try:
            response = await self.crawler.engine.download_async(Request(probe, callback=NO_CALLBACK))
        except Exception as error:  # noqa: BLE001 - whatever it is, the page itself has been fetched and stands
            logger.info("%s was not asked for a page that cannot exist: %s", host, error)
            return frozenset()
        said = words(response) if response.status == 200 else frozenset()
        if said:
            logger.warning("%s answers 200 for pages that it doesn't have; pages like that are not taken", host)
        if session and response.status != 429 and response.status < 500:
            await session.keep_probe(host, said)
        return said


def words(response: Response) -> frozenset[str]:
    """Return the words that a page shows, the probe's own aside."""
    if not isinstance(response, TextResponse):
        return frozenset()
    shown = islice(WORD.finditer(UNSEEN.sub(" ", response.text).lower()), MOST_WORDS)
    return frozenset(found[0] for found in shown) - words_of_address(PROBE)


def words_of_address(url: str) -> frozenset[str]:
    """Return the words of an address, which pages that say "not found" like to repeat."""
    return frozenset(WORD.findall(urlsplit(url).path.lower()))


def is_same(page: frozenset[str], missing: frozenset[str]) -> bool:
    """Return whether two pages show nearly the same words."""
    return len(page & missing) >= SAME * len(page | missing)
