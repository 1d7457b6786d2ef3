"""Sitemaps of plain text, with an address a line (sitemaps.org, "Other Sitemap formats")."""

import re
from collections.abc import Iterator

from scrapy.http import Response

from scrapers.discovery.text import decoded

LONGEST_LINE = 8192  # characters; what is longer is no address
FIRST_LINE = re.compile(r"\s*+(?>(?:#[^\n]*+\s++)*)https?://[^\s<>]++[ \t]*+(?:[\r\n]|$)", re.IGNORECASE)


def is_plain_text(response: Response) -> bool:
    """Return whether the answer begins with a line that is an address, comments aside."""
    return FIRST_LINE.match(next(decoded(response), "").removeprefix("\ufeff")) is not None


def addresses(response: Response) -> Iterator[str]:
    """Yield the lines, comments and empty ones aside."""
    held = ""
    for text in decoded(response):
        *lines, held = (held + text).replace("\r", "\n").split("\n")
        yield from _printed(lines)
        held = held[:LONGEST_LINE]
    yield from _printed([held])


def _printed(lines: list[str]) -> Iterator[str]:
    for line in lines:
        if (line := line.strip("\ufeff\x00 \t")) and not line.startswith("#"):
            yield line
