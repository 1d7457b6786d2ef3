"""Values in a page's inline scripts, such as `'total_page':'3'`."""

import re
from collections.abc import Iterable

from scrapers.extract.candidate import Candidate
from scrapers.extract.text.clean import clean

PUBLICATION_DATE = re.compile(
    r"""["'](?:date_?published|published_?(?:at|date|time|on)|publish_?(?:date|time)|post_?date|pub_?date)\\?["']"""
    r"""\s{0,9}:\s{0,9}\\?["']([0-9]{4}-[0-9]{2}-[0-9]{2}[^"'\\]{0,30})""",
    re.IGNORECASE,
)


def find_date(scripts: Iterable[str]) -> Candidate[str] | None:
    """Return the first date that a script assigns to a key of publication, such as `datePublished`."""
    for text in scripts:
        if ("ublish" in text or "_date" in text) and (match := PUBLICATION_DATE.search(text)):
            return Candidate(match[1], "script:date")
    return None


def find_value(scripts: Iterable[str], name: str) -> Candidate[str] | None:
    """Return the first non-empty value that a script assigns to the quoted key `name`."""
    pair = re.compile(rf"""["']{re.escape(name)}["']\s{{0,9}}:\s{{0,9}}["']?([^"',;{{}}\n]{{1,99}})""")
    for script in scripts:
        if name in script and (match := pair.search(script)) and (text := clean(match[1])):
            return Candidate(text, f"script:{name}")
    return None
