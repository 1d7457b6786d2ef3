"""iNews' rules, and an article as JSON would hold it."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

import pytest

from scrapers.extract.page import Rules
from scrapers.items import Article
from scrapers.spiders.inews import InewsSpider

INEWS = InewsSpider.rules()


@pytest.fixture(scope="session")
def inews() -> Rules:
    """What iNews declares of its pages."""
    return INEWS


@pytest.fixture(scope="session")
def as_json() -> Callable[[Article], dict[str, Any]]:
    """Turn an article into what a JSON file holds: lists for tuples, ISO 8601 for instants."""
    return lambda article: json.loads(json.dumps(asdict(article), default=datetime.isoformat))
