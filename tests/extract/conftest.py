"""iNews' rules, and small pages."""

import json

import pytest

from scrapers.extract.page import Page, Rules
from scrapers.extract.parsed_page import ParsedPage
from scrapers.spiders.inews import InewsSpider

INEWS = InewsSpider.rules()


@pytest.fixture(scope="session")
def inews() -> Rules:
    """What iNews declares of its pages."""
    return INEWS


def page_with(ld=None, *, head="", url="https://k.example/news/x"):
    """Parse a page with this JSON-LD of an article and these elements."""
    node = {"@type": "NewsArticle", "headline": "Judul", **(ld or {})}
    script = f'<script type="application/ld+json">{json.dumps(node)}</script>' if ld is not None else ""
    return ParsedPage(Page(url, f"{head}{script}<p>isi</p>".encode()), Rules(outlet="k"))
