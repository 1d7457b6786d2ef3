"""What a host's /.well-known/tdmrep.json reserves of its pages: TDM Reservation Protocol (W3C community group, 2024).

The file is a list of rules, `{"location": "/berita/*", "tdm-reservation": 1}`; the first whose location fits holds.
What a page's own header or <meta> says goes before it, see opt_outs.
"""

import asyncio
import json
import logging
from typing import TYPE_CHECKING, Self
from urllib.parse import unquote, urljoin, urlsplit

from scrapy.exceptions import NotConfigured
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK

from scrapers.fetch.bodies import is_page, keep_body
from scrapers.fetch.context import context_of
from scrapers.fetch.hosts import host_of
from scrapers.fetch.opt_outs import honoured_by
from scrapers.fetch.visit import visit_of
from scrapers.storage import hosts as stored_hosts

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

WELL_KNOWN = "/.well-known/tdmrep.json"
FRESH_S = 7 * 24 * 3600.0  # how long what a host said is believed
MAX_BYTES = 256 * 1024
MOST_RULES = 1000
LONGEST_LOCATION = 1000  # characters

Rules = list[tuple[str, bool]]  # a location, and whether text and data mining of it is reserved


class TdmReservationMiddleware:
    """Keep with each page's fetch whether its host reserves text and data mining; a host is asked once a week."""

    def __init__(self, crawler: "Crawler") -> None:
        if not crawler.settings.getbool("TDM_RESERVATIONS"):
            raise NotConfigured
        self.crawler = crawler
        self.hosts = context_of(crawler).hosts
        self.agent = crawler.settings["BOT_NAME"]
        self.honoured = honoured_by(crawler)
        self._rules: dict[str, asyncio.Task[Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Return the crawler's middleware; raises NotConfigured where the setting is off."""
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Note the reservation among the page's opt-outs."""
        visit = visit_of(request)
        visit.reserves_tdm = bool(visit.page) and is_page(response) and await self._is_reserved(response)
        if visit.reserves_tdm:
            keep_body(visit, response, self.agent, self.honoured)
        return response

    async def _is_reserved(self, response: Response) -> bool:
        """Return whether the host reserves text and data mining of the page."""
        host = host_of(response)
        if host not in self._rules:
            self._rules[host] = asyncio.create_task(self._find(host, response.url))
        return is_reserved(await asyncio.shield(self._rules[host]), response.url)

    async def _find(self, host: str, url: str) -> Rules:
        """Return the rules that are kept, or that the host gives now; none where it has no such file."""
        session = self.hosts.session
        if session and (known := await session.call(stored_hosts.find_tdm_rules, host, FRESH_S)) is not None:
            return known
        request = Request(urljoin(url, WELL_KNOWN), callback=NO_CALLBACK, meta={"download_maxsize": MAX_BYTES})
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - whatever it is, the page itself has been fetched and stands
            logger.info("%s was not asked what it reserves: %s", host, error)
            return []
        rules = rules_of(response.body) if response.status == 200 else []
        if session and response.status != 429 and response.status < 500:
            await session.call(stored_hosts.keep_tdm_rules, host, rules)
        return rules


def rules_of(body: bytes) -> Rules:
    """Return the rules of a tdmrep.json, in its order; malformed rules are skipped, as the protocol asks."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return []
    rules = []
    for rule in said[:MOST_RULES] if isinstance(said, list) else ():
        location, reserved = (rule.get("location"), rule.get("tdm-reservation")) if isinstance(rule, dict) else (0, 0)
        if isinstance(location, str) and len(location) <= LONGEST_LOCATION and str(reserved) in ("0", "1"):
            rules.append((location.replace("\0", ""), str(reserved) == "1"))
    return rules


def is_reserved(rules: Rules, url: str) -> bool:
    """Return whether the first rule whose location fits the URL reserves it."""
    parts = urlsplit(url)
    path = unquote(f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/")
    return next((reserved for location, reserved in rules if _fits(location, path)), False)


def _fits(location: str, path: str) -> bool:
    """Return whether the path begins as the location says; `*` stands for anything, `$` at its end for the path's."""
    is_whole = location.endswith("$")
    first, *others = [unquote(part) for part in location.removesuffix("$").split("*")]
    if not path.startswith(first):
        return False
    last = others.pop() if is_whole and others else None
    at = len(first)
    for part in others:
        if (found := path.find(part, at)) < 0:
            return False
        at = found + len(part)
    if last is not None:
        return len(path) - at >= len(last) and path.endswith(last)
    return at == len(path) or not is_whole
