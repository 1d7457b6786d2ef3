"""What a page, or its site, asks of those who would keep it: no copy, no text and data mining, no AI.

noarchive    X-Robots-Tag or <meta name=robots>: no copy is kept
noai         the same, DeviantArt's extension of it: not for AI
tdm          `tdm-reservation: 1` in a <meta>, else a header, else tdmrep.json: TDM Reservation Protocol (W3C, 2024)
ai_crawlers  robots.txt forbids the address to a crawler that collects for AI, and is named as such

Each is recorded with the fetch. An outlet declares in `honoured_opt_outs` which of them are followed.
"""

import re
from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from scrapy.http import Request, Response

from scrapers.fetch.refusals import OptedOut
from scrapers.fetch.visit import Visit, visit_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

HEAD = 64 * 1024  # bytes of a page in which its meta elements are looked for
META = re.compile(rb"<meta\s[^>]{1,500}>", re.IGNORECASE)
NAME = re.compile(rb"""\bname\s*=\s*["']?([\w-]+)""", re.IGNORECASE)
CONTENT = re.compile(rb"""\bcontent\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)
AGENT = re.compile(r"\s*([\w-]+)\s*:(.*)")
DATED = ("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview")  # directives with a colon
DIRECTIVES = ("noarchive", "noai")
NOT_TAKEN = ("noai", "tdm", "ai_crawlers")  # of these, what an outlet honours is not stored at all


def opt_outs(response: Response, visit: Visit, agent: str) -> tuple[str, ...]:
    """Return the opt-outs that an answer and its site declare to the product token `agent`, in the order above."""
    found = set()
    for value in response.headers.getlist("X-Robots-Tag"):
        found |= _directives(value.decode("latin-1"), agent)
    asked, reservations = _in_metas(response.body[:HEAD], agent)
    found |= asked
    if _is_reserved(*reservations, response.headers.get("tdm-reservation"), default=visit.reserves_tdm):
        found.add("tdm")
    if visit.forbids_ai:
        found.add("ai_crawlers")
    return tuple(name for name in ("noarchive", "noai", "tdm", "ai_crawlers") if name in found)


def _directives(value: str, agent: str) -> set[str]:
    """Return the opt-outs of a list of directives, unless it is addressed to somebody else."""
    addressed = AGENT.match(value)
    if addressed and addressed[1].lower() not in DATED:
        if addressed[1].lower() != agent:
            return set()
        value = addressed[2]
    return {word for part in value.split(",") if (word := part.strip().lower()) in DIRECTIVES}


def _is_reserved(*said: bytes | None, default: bool | None) -> bool:
    """Return the first of the reservations that says 0 or 1, else the default."""
    return next((value.strip() == b"1" for value in said if value and value.strip() in (b"0", b"1")), bool(default))


def _in_metas(head: bytes, agent: str) -> tuple[set[str], list[bytes]]:
    """Return the opt-outs of the <meta> elements of robots, and the values of those of tdm-reservation."""
    found: set[str] = set()
    reservations = []
    for meta in META.findall(head):
        name = NAME.search(meta)
        said = name[1].decode("latin-1").lower() if name else ""
        if said not in ("robots", "tdm-reservation", agent) or (content := CONTENT.search(meta)) is None:
            continue
        value = next(group for group in content.groups() if group is not None)
        if said == "tdm-reservation":
            reservations.append(value)
        else:
            found |= _directives(value.decode("latin-1"), agent)
    return found, reservations


def honoured_by(crawler: "Crawler") -> Collection[str]:
    """Return which opt-outs a crawler's outlet honours; none where its spider is no outlet's."""
    honoured: Collection[str] = getattr(crawler.spider, "honoured_opt_outs", ())
    return honoured


class OptOutMiddleware:
    """Take no page that opts out of what the outlet honours; its body is not kept either."""

    def __init__(self, crawler: "Crawler") -> None:
        self.honoured = honoured_by(crawler)

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Return the crawler's middleware."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Raise OptedOut for such a page."""
        visit = visit_of(request)
        if visit.page and visit.fetches:
            declared = visit.fetches[-1].opt_outs
            if names := [name for name in NOT_TAKEN if name in self.honoured and name in declared]:
                visit.fetches[-1] = replace(visit.fetches[-1], body=None)
                raise OptedOut(names)
        return response
