"""What a page, or its site, asks of those who would keep it: no copy, no text and data mining, no AI.

noarchive    X-Robots-Tag or <meta name=robots>: no copy is kept
noai         the same, DeviantArt's extension of it: not for AI
tdm          `tdm-reservation: 1`, a header or a <meta>: TDM Reservation Protocol (W3C community group, 2024)
ai_crawlers  robots.txt forbids the address to a crawler that collects for AI, and is named as such

Each is recorded with the fetch. An outlet declares in `respects` which of them are followed.
"""

import re

from scrapy.http import Response

HEAD = 64 * 1024  # bytes of a page in which its meta elements are looked for
META = re.compile(rb"<meta\s[^>]{1,500}>", re.IGNORECASE)
NAME = re.compile(rb"""\bname\s*=\s*["']?([\w-]+)""", re.IGNORECASE)
CONTENT = re.compile(rb"""\bcontent\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)
AGENT = re.compile(r"\s*([\w-]+)\s*:(.*)")
DATED = ("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview")  # directives with a colon
DIRECTIVES = ("noarchive", "noai")
NOT_TAKEN = ("noai", "tdm", "ai_crawlers")  # of these, what an outlet respects is not stored at all


def opt_outs(response: Response, agent: str) -> tuple[str, ...]:
    """Return the opt-outs that an answer declares to the product token `agent`, in the order above."""
    found = set()
    for value in response.headers.getlist("X-Robots-Tag"):
        found |= _directives(value.decode("latin-1"), agent)
    if (response.headers.get("tdm-reservation") or b"").strip() == b"1":
        found.add("tdm")
    found |= _in_metas(response.body[:HEAD], agent)
    if response.meta.get("forbids_ai"):
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


def _in_metas(head: bytes, agent: str) -> set[str]:
    found: set[str] = set()
    for meta in META.findall(head):
        name, content = NAME.search(meta), CONTENT.search(meta)
        if name is None or content is None:
            continue
        value = next(group for group in content.groups() if group is not None).decode("latin-1")
        said = name[1].decode("latin-1").lower()
        if said in ("robots", agent):
            found |= _directives(value, agent)
        elif said == "tdm-reservation" and value.strip() == "1":
            found.add("tdm")
    return found
