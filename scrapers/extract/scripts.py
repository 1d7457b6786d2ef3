"""Values that a page's inline scripts hold, such as `'total_page':'3'`."""

import re

from lxml import etree

from scrapers.extract.clean import clean
from scrapers.extract.found import Found


def value(root: etree._Element, name: str) -> Found[str] | None:
    """Return the first non-empty value that an inline script gives to the quoted key `name`."""
    pair = re.compile(rf"""["']{re.escape(name)}["']\s{{0,9}}:\s{{0,9}}["']?([^"',;{{}}\n]{{1,99}})""")
    for script in root.iter("script"):
        if (match := pair.search(script.text or "")) and (text := clean(match[1])):
            return Found(text, f"script:{name}")
    return None
