"""iNews' rules."""

import pytest

from scrapers.extract.page import Rules
from scrapers.spiders.inews import InewsSpider

INEWS = InewsSpider.rules()


@pytest.fixture(scope="session")
def inews() -> Rules:
    """What iNews declares of its pages."""
    return INEWS
