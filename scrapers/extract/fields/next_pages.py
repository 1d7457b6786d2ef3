"""Addresses of the pages on which an article goes on."""

import re
from urllib.parse import urlsplit

from scrapers.extract.candidate import Candidate
from scrapers.extract.dom.links import absolute
from scrapers.extract.parsed_page import ParsedPage

NUMBER = re.compile(r"/(?:page/|part-?)?[0-9]{1,2}/?|-part-?[0-9]{1,2}|[?&](?:page|showpage|p|hal)=[0-9]{1,2}")
ENDS_IN_NUMBER = re.compile(r"[0-9]/?\s*(?:#|$)")
FIRST = re.compile(r"[^0-9]+0?1/?")
MOST = 50


def further_pages(parsed: ParsedPage) -> Candidate[tuple[str, ...]] | None:
    """Return the page's links to its own address with a page's number behind it, and its link to the next one."""
    base = parsed.page.url.split("?")[0].rstrip("/")
    name = base.rsplit("/", 1)[-1]
    if not urlsplit(base).path.strip("/"):
        return None
    found: dict[str, None] = {}
    for href in [href for href in parsed.hrefs if name in href or href[:1] == "?"]:
        if ENDS_IN_NUMBER.search(href) and (url := absolute(href, parsed.page.url)):
            number = url.removeprefix(base)
            if number != url and NUMBER.fullmatch(number) and not FIRST.fullmatch(number):
                found[url] = None
    said = parsed.link_href("next")
    if said and not found and (url := absolute(said.value, parsed.page.url)):
        return Candidate((url,), said.rule)
    return Candidate(tuple(found)[:MOST], "html:pages") if found else None
