"""Each outlet's declaration, tried on pages in the outlet's template that stand in tests/fixtures/pages/<outlet>/."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy.http import HtmlResponse, Request

from scrapers.errors import NotAnArticle
from scrapers.extract.article import extract_article
from scrapers.extract.page import Page
from scrapers.extract.reading import read_page
from scrapers.items import Article
from scrapers.spiders import outlet, outlets
from scrapers.spiders.base import NewsSpider
from scrapers.spiders.responses import to_page

PAGES = Path(__file__).parent.parent / "fixtures" / "pages"
SAVED = sorted(PAGES.glob("*/*.html"))
FETCHED_AT = datetime(2026, 8, 1, tzinfo=UTC)

every_page = pytest.mark.parametrize("saved", SAVED, ids=lambda saved: f"{saved.parent.name}-{saved.stem}")


def expected_of(saved):
    return json.loads(saved.with_suffix(".json").read_text("utf-8"))


def article_of(saved, as_json):
    url = expected_of(saved)["url"]
    page = Page(url=url, body=saved.read_bytes(), content_type="text/html", fetched_at=FETCHED_AT)
    return as_json(extract_article(page, outlet(saved.parent.name).rules()))


def response_of(saved):
    url = expected_of(saved)["url"]
    return HtmlResponse(url, body=saved.read_bytes(), encoding="utf-8", request=Request(url))


def test_every_outlet_has_a_saved_page():
    with_site_of_their_own = {"seed"}

    assert {saved.parent.name for saved in SAVED} == {spider.name for spider in outlets()} - with_site_of_their_own


@every_page
def test_saved_page_gives_the_fields_beside_it(saved, as_json):
    expected = expected_of(saved)
    picture = expected.pop("image", None)

    if "reason" in expected:
        with pytest.raises(NotAnArticle) as caught:
            article_of(saved, as_json)
        assert caught.value.reason == expected["reason"]
        return
    given = article_of(saved, as_json)

    if saved.parent.name != "inews":  # whose pages are checked to the letter, provenance and all, beside extraction
        assert {name: given[name] for name in expected} == expected
        assert picture is None or {name: given["image"][name] for name in picture} == picture


@every_page
def test_address_of_a_saved_article_looks_like_one(saved):
    expected = expected_of(saved)

    if "reason" not in expected:
        assert outlet(saved.parent.name).is_article_url(expected["url"])


@pytest.mark.parametrize(
    ("name", "whole"),
    [
        ("detik", "?single=1"),
        ("kompas", "?page=all"),
        ("sindonews", "?showpage=all"),
        ("suara", "?page=all"),
        ("tribunnews", "?page=all"),
        ("viva", "?page=all"),
    ],
)
def test_article_of_several_pages_is_asked_for_as_a_whole_and_once(name, whole):
    spider = outlet(name)()
    saved = min(PAGES.glob(f"{name}/*.html"))

    [request] = spider.parse_article(response_of(saved))
    [article] = spider.parse_article(response_of(saved), **request.cb_kwargs)

    assert request.url == expected_of(saved)["url"] + whole
    assert spider.page_url(request.url) == expected_of(saved)["url"]
    assert isinstance(article, Article)  # also where the site leads back from the whole to the first page


@pytest.mark.parametrize("name", ["antaranews", "cnnindonesia", "jpnn", "liputan6", "merdeka", "republika", "tempo"])
def test_article_of_one_page_is_not_asked_for_again(name):
    [saved] = PAGES.glob(f"{name}/*.html")

    [article] = outlet(name)().parse_article(response_of(saved))

    assert isinstance(article, Article)


@pytest.mark.parametrize("link", ["?utm_source=wa", "#komentar", "http://[", "/lain/2", "?print"])
def test_link_that_is_no_further_page_of_the_article_is_not_taken_for_one(link):
    [saved] = PAGES.glob("cnnindonesia/*.html")
    response = response_of(saved)
    spider: NewsSpider = outlet("cnnindonesia")()

    page = to_page(response.replace(body=f"<p>Teks</p><a href='{link}'>1</a>".encode()))

    found = spider.has_further_pages(spider.page_url(page.url), read_page(page, spider.rules()))

    assert not found
