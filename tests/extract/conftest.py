"""iNews' rules, and an article as JSON would hold it."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

import pytest

from scrapers.extract.page import Rules
from scrapers.items import Article

INEWS = Rules(
    outlet="inews",
    publisher="iNews.id",
    in_language="id",
    time_zone="Asia/Jakarta",
    selectors={
        "headline": "h1.headerTitle",
        "author": "ul.author li.authorList a",
        "date_published": ".timeAndShare .createdAt",
        "image": "figure.headerImg img",
        "caption": "figure.headerImg figcaption",
        "article_section": ".breadcrumb a",
        "keywords": ".tags li.tagList a",
        "related": ".widgetListArticle:not(#latestNews) article.cardArticle",
        "related.headline": ".cardTitle",
        "related.article_section": ".kanal",
        "related.relative_age": ".postTime",
    },
    article_body="article.bodyArticleWrapper, div.bodyArticle",
    remove=(".bacaJuga", ".pleaseFollow", ".subscribeINews", ".adsPlacement", "img + em"),
)


@pytest.fixture(scope="session")
def inews() -> Rules:
    """What iNews declares of its pages."""
    return INEWS


@pytest.fixture(scope="session")
def as_json() -> Callable[[Article], dict[str, Any]]:
    """Turn an article into what a JSON file holds: lists for tuples, ISO 8601 for instants."""
    return lambda article: json.loads(json.dumps(asdict(article), default=datetime.isoformat))
