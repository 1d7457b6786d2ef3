"""Values that a page's inline scripts hold, such as `'total_page':'3'`."""

import re
from collections.abc import Iterable

from scrapers.extract.candidate import Found
from scrapers.extract.text.clean import clean

DATE = re.compile(
    r"""["'](?:date_?published|published_?(?:at|date|time|on)|publish_?(?:date|time)|post_?date|pub_?date)\\?["']"""
    r"""\s{0,9}:\s{0,9}\\?["']([0-9]{4}-[0-9]{2}-[0-9]{2}[^"'\\]{0,30})""",
    re.IGNORECASE,
)


def date(scripts: Iterable[str]) -> Found[str] | None:
    """Return the first date that an inline script gives to a key that speaks of publication."""
    for text in scripts:
        if ("ublish" in text or "_date" in text) and (match := DATE.search(text)):
            return Found(match[1], "script:date")
    return None


def value(scripts: Iterable[str], name: str) -> Found[str] | None:
    """Return the first non-empty value that an inline script gives to the quoted key `name`."""
    pair = re.compile(rf"""["']{re.escape(name)}["']\s{{0,9}}:\s{{0,9}}["']?([^"',;{{}}\n]{{1,99}})""")
    for code in scripts:
        if name in code and (match := pair.search(code)) and (text := clean(match[1])):
            return Found(text, f"script:{name}")
    return None
