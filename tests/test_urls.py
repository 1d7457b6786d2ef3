import json
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scrapy.http import Request

from scrapers import urls
from scrapers.config import ROOT
from scrapers.spiders import outlet
from scrapers.urls import canonical_url, clean_url, is_address, other_spelling, url_key

INEWS = outlet("inews")
FIXTURES = ROOT / "tests" / "fixtures"
ODD = json.loads((FIXTURES / "odd_addresses.json").read_text())[1:]
PAIRS = (FIXTURES / "addresses.tsv").read_text().splitlines()[1:]
ADDRESSES = sorted({url for line in PAIRS for url in line.split("\t")[:2]} | {url for url, _ in ODD})
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


@pytest.mark.parametrize(
    ("tracked", "own"),
    [
        ("cat=7&cat=9&utm_source=rss", "cat=7&cat=9"),
        ("utm_medium=x&cat=9&cat=7&cat=9", "cat=9&cat=7&cat=9"),
        ("tag[]=b&fbclid=q&tag[]=a", "tag%5B%5D=b&tag%5B%5D=a"),
        ("q=&utm_source=rss&r=", "q=&r="),
        ("12345&utm_source=rss", "12345"),
        ("/read/river-bridge&utm_source=rss&a=1", "/read/river-bridge&a=1"),
        ("id=5;cat=7;utm_source=rss", "id=5;cat=7"),
        ("utm_source=rss;id=5", "id=5"),
        ("utm_source=a;b&id=5", "id=5"),
        ("id=5&amp;utm_source=rss", "id=5"),
        ("id=5&&utm_source=rss&", "id=5"),
        ("q=caf%E9&utm_source=rss", "q=caf%E9"),
        ("q=a%26utm_source%3Db&utm_source=rss", "q=a%26utm_source%3Db"),
        ("q=a+b&gclid=1", "q=a+b"),
        ("UTM_Source=rss&ID=5", "ID=5"),
        ("utm%5Fsource=x", ""),
        ("%75tm_source=x&id=5", "id=5"),
        ("utm%255Fsource=x", "utm%255Fsource=x"),
        ("fb%63lid=x&id=5", "id=5"),
        ("+utm_source=x&id=5", "id=5"),
        ("fbclid", ""),
        ("mc_cid=1&mc_eid=2&_bhlid=3&wt_zmc=4&ysclid=5&hsCtaTracking=6&Echobox=7", ""),
        ("ref=home&s=bridge&p=4711&id=5&source=x", "id=5&p=4711&ref=home&s=bridge&source=x"),
        ("phpsessid=1&id=5", "id=5"),
    ],
)
def test_without_tracking_the_query_is_what_it_was(tracked, own):
    address = "https://example.test/read"

    assert canonical_url(f"{address}?{tracked}") == canonical_url(f"{address}?{own}") == address + (own and f"?{own}")


def test_lists_of_tracking_parameters_name_none_that_may_choose_what_is_shown():
    chosen = [
        "ref",
        "source",
        "src",
        "s",
        "p",
        "id",
        "page",
        "q",
        "cat",
        "tag",
        "v",
        "type",
        "lang",
        "mc",
        "from",
        "via",
    ]

    assert [name for name in chosen if canonical_url(f"https://e.test/?{name}=1") == "https://e.test/"] == []


@pytest.mark.parametrize(("url", "stands_for"), [pair for pair in ODD if pair[1]])
def test_odd_address_stands_for_what_a_browser_would_ask_for(url, stands_for):
    assert canonical_url(url) == stands_for


@pytest.mark.parametrize("url", [url for url, stands_for in ODD if not stands_for])
def test_what_is_no_address_is_refused_with_a_value_error(url):
    with pytest.raises(ValueError, match=r".*"):
        canonical_url(url)
    assert url_key(url) == url


@pytest.mark.parametrize("url", [stands_for for _, stands_for in ODD if stands_for])
def test_scrapy_asks_for_a_canonical_address_as_it_is(url):
    assert Request(url).url == url


def test_canonical_addresses_of_all_samples_are_their_own():
    canonical = [canonical_url(url) for url in ADDRESSES if is_address(url)]

    assert [url for url in canonical if canonical_url(url) != url or clean_url(url) != url] == []


PIECES = st.sampled_from(
    [
        *(
            "%",
            "%25",
            "%2e",
            "%2E",
            "..",
            ".",
            "/",
            "//",
            "\\",
            ";",
            "&",
            "=",
            "?",
            "#",
            "#!",
            ":",
            "@",
            "[",
            "]",
            "+",
            " ",
        ),
        *(
            "amp;",
            "&amp;",
            "utm_source=x",
            "utm%5Fsource",
            ";jsessionid=1",
            ";jsession",
            "phpsessid=2",
            "%3D",
            "%26",
            "%3B",
        ),
        *(
            "\t",
            "\n",
            "\x00",
            "é",
            "%E9",
            "%C3%A9",
            "日本",
            "\ud800",
            "%61",
            "%%36%31",
            "'",
            "|",
            "xn--",
            "0x7f",
            "1",
            "a",
            "b=1",
        ),
    ]
)
ODDLY_PUT_TOGETHER = st.lists(PIECES | st.text(max_size=3), max_size=14).map("".join)


@given(
    st.sampled_from(["https://", "http://", "https:", "https://e.test/", "https://e.test/?", ""]), ODDLY_PUT_TOGETHER
)
@example("https://e.test/", "..;jsessionid=1/a")
@example("https://", "0x7f../")
@example("https://e.test/?", "utm_source=x;amp;amp;utm%5Fsource")
def test_canonical_url_of_a_canonical_url_is_itself_and_of_anything_else_a_value_error(begin, rest):
    try:
        once = canonical_url(begin + rest)
    except ValueError:
        return

    assert canonical_url(once) == once
    assert "#" not in once


@given(st.sampled_from(ADDRESSES), st.sampled_from(["utm_source=rss", "fbclid=a%26b", "utm%5fmedium=é", "_ga=1;2"]))
def test_address_with_a_tracking_parameter_is_the_page_without(url, tracking):
    if not is_address(url):
        return
    address, _, _ = url.strip().partition("#")
    tracked = f"{address}{'&' if '?' in address else '?'}{tracking}"

    assert canonical_url(tracked) == canonical_url(url)


@given(st.text(max_size=60))
def test_key_of_whatever_is_given_as_an_address_is_a_text(text):
    assert isinstance(url_key(text), str)


@given(st.from_regex(urls.PLAIN, fullmatch=True))
def test_plain_address_is_already_what_it_would_be_turned_into(url):
    unseen = re.compile("(?!)")

    assert clean_url(url) == canonical_url(url) == url
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(urls, "PLAIN", unseen)
        assert clean_url(url) == canonical_url(url) == url


@pytest.mark.parametrize(
    ("url", "other"),
    [
        ("https://e.test/a/b", "https://e.test/a/b/"),
        ("https://e.test/a/b/", "https://e.test/a/b"),
        ("https://e.test/a.html", None),
        ("https://e.test/a.html/", None),
        ("https://e.test/a/?id=7", None),
        ("https://e.test/a?next=/", None),
        ("https://e.test/", None),
        ("https://e.test", None),
    ],
)
def test_address_of_no_file_and_without_a_query_is_spelled_with_a_slash_and_without(url, other):
    assert other_spelling(url) == other
