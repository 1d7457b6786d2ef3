import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers import urls
from scrapers.spiders import outlet
from scrapers.urls import canonical_url, clean_url, url_key

INEWS = outlet("inews")
ARTICLE = "https://www.inews.id/finance/makro/ekonomi-tumbuh-lima-persen"


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("HTTPS://WWW.Example.Test:443/a#top", "https://www.example.test/a"),
        ("http://example.test:80", "http://example.test/"),
        ("http://example.test:8080/a b", "http://example.test:8080/a%20b"),
        ("https://example.test./a?x=1", "https://example.test/a?x=1"),
        (" https://example.test/a\n", "https://example.test/a"),
    ],
)
def test_url_is_kept_escaped_in_lower_case_and_without_its_fragment(url, clean):
    assert clean_url(url) == clean


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://e.test/a?utm_source=wa&utm_medium=x", "https://e.test/a"),
        ("https://e.test/a?id=7&fbclid=abc", "https://e.test/a?id=7"),
        ("https://e.test/a?page=2", "https://e.test/a?page=2"),
        ("https://e.test/a?b=2&a=1", "https://e.test/a?a=1&b=2"),
        ("https://e.test/Case/Counts", "https://e.test/Case/Counts"),
        ("https://e.test/a%2Fb", "https://e.test/a%2Fb"),
    ],
)
def test_tracking_parameters_go_and_others_stay(url, canonical):
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    "variant",
    [
        "https://www.inews.id/amp/finance/makro/ekonomi-tumbuh-lima-persen",
        f"{ARTICLE}/all",
        f"{ARTICLE}/2",
        f"{ARTICLE}/12",
        f"{ARTICLE}?utm_source=whatsapp",
        f"{ARTICLE}/2?utm_source=whatsapp#komentar",
    ],
)
def test_forms_of_an_inews_page_are_one_page(variant):
    assert INEWS.page_url(variant) == ARTICLE


def test_inews_twins_on_other_hosts_are_one_article_and_two_pages():
    provincial = "https://jabar.inews.id/berita/gempa-guncang-garut-malam-ini"
    regional = "https://www.inews.id/regional/jabar/gempa-guncang-garut-malam-ini"
    mobile = "http://m.inews.id/regional/jabar/gempa-guncang-garut-malam-ini"

    assert {INEWS.article_url(url) for url in (provincial, regional, mobile)} == {regional}
    assert INEWS.page_url(provincial) == provincial


def test_network_article_of_inews_is_its_own():
    url = "https://tasikmalaya.inews.id/read/502735/payung-geulis"

    assert INEWS.article_url(f"{url}/all") == url


@pytest.mark.parametrize(
    "url",
    [
        "https://www.inews.id/",
        "https://www.inews.id/finance/makro",
        "https://www.inews.id/indeks/all/15-12-2025/1",
        "https://www.inews.id/tag/ekonomi",
        "https://www.inews.id/multimedia/video",
        "https://inews.id.evil.test/finance/makro/ekonomi-tumbuh-lima-persen",
        "ftp://www.inews.id/finance/makro/ekonomi-tumbuh-lima-persen",
        "https://www.evil.test/?u=https://www.inews.id/finance/makro/ekonomi-tumbuh-lima-persen",
    ],
)
def test_what_is_no_article_of_inews_is_told_by_its_address(url):
    assert not INEWS.is_article_url(url)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://www.e.test/a/", "https://e.test/a"),
        ("https://m.e.test/a", "https://www.e.test/a"),
    ],
)
def test_twins_have_one_key(one, other):
    assert url_key(one) == url_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://e.test/a?id=1", "https://e.test/a?id=2"),
        ("https://jabar.e.test/a", "https://bali.e.test/a"),
        ("ni:///sha-256;AAAA", "ni:///sha-256;BBBB"),
    ],
)
def test_different_articles_have_different_keys(one, other):
    assert url_key(one) != url_key(other)


@given(st.text(st.characters(codec="utf-8"), max_size=40), st.text(st.characters(codec="utf-8"), max_size=20))
def test_canonical_url_of_a_canonical_url_is_itself(path, query):
    url = f"https://www.example.test/{path}?q={query}"

    once = canonical_url(url)

    assert canonical_url(once) == once


@given(st.from_regex(urls.PLAIN, fullmatch=True))
def test_plain_address_is_already_what_it_would_be_turned_into(url):
    unseen = re.compile("(?!)")

    assert clean_url(url) == canonical_url(url) == url
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(urls, "PLAIN", unseen)
        assert clean_url(url) == canonical_url(url) == url
