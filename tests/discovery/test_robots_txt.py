import codecs

import pytest
from scrapy.http import Response

from scrapers.discovery.feeds import NEWEST, Robots, Sitemap
from scrapers.discovery.robots_txt import records

URL = "https://www.example.test/robots.txt"
LINES = ["User-agent: *", "Disallow: /café", "Sitemap: https://www.example.test/a.xml"]
READ = [("user_agent", "*"), ("disallow", "/café"), ("sitemap", "https://www.example.test/a.xml")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n", "\n\n", "\x00\n"])
@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF8 * 2, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
    ],
)
def test_records_are_the_same_in_every_encoding_and_with_every_line_end(mark, encoding, end):
    for lines, read in ((LINES, READ), (LINES[::-1], READ[::-1])):
        assert list(records(mark + end.join(lines).encode(encoding))) == read


@pytest.mark.parametrize(
    ("line", "record"),
    [
        ("  disallow : /a  # why", ("disallow", "/a")),
        ("Disallow:", ("disallow", "")),
        ("Dissalow: /a", ("disallow", "/a")),
        ("User agent x", ("user_agent", "x")),
        ("USERAGENT:x", ("user_agent", "x")),
        ("Sitemap https://e.test/a.xml", ("sitemap", "https://e.test/a.xml")),
        ("Disallow: /a\u2028Allow: /", ("disallow", "/a%E2%80%A8Allow: /")),
        ("Disallowed: /a", None),
        ("Content-Signal: ai-train=no", None),
        ("# Disallow: /a", None),
        ("<p>Disallow: /a", None),
    ],
)
def test_line_is_read_as_it_was_meant(line, record):
    assert list(records(line.encode())) == ([record] if record else [])


def test_byte_that_is_no_utf_8_is_escaped_as_in_an_address():
    assert list(records(b"Disallow: /caf\xe9")) == [("disallow", "/caf%E9")]


@pytest.mark.parametrize("end", ["\n", "\r"])
def test_line_that_a_limit_cuts_is_not_read(end):
    body = end.join(["Allow: /a", "Disallow: /abcdef"]).encode()

    assert list(records(body, limit=len(body) - 3)) == [("allow", "/a")]
    assert len(list(records(body, limit=len(body) + 1))) == 2


def sitemaps(*lines):
    found = list(Robots(URL).read(Response(URL, body="\n".join(lines).encode()), "UTC"))
    assert all(isinstance(one, Sitemap) for one in found)
    return found


def names(found):
    return [one.url.removeprefix("https://www.example.test/") for one in found]


@pytest.mark.parametrize(
    "bad", ["https://[your-domain]/a.xml", "https://{{ host }}/a.xml", "http:///a.xml", "ftp://e.test/a"]
)
def test_bad_address_of_a_sitemap_costs_only_its_line_and_is_logged(bad, caplog):
    assert names(sitemaps(f"Sitemap: {bad}", "Sitemap: /b.xml", "Sitemap: /b.xml", "Sitemap:")) == ["b.xml"]
    assert bad.split()[0] in caplog.text


@pytest.mark.parametrize(
    ("listed", "followed"),
    [
        (["a.xml", "news-sitemap.xml"], ["news-sitemap.xml"]),
        (["a.xml", "googlenews.xml"], ["googlenews.xml"]),
        (["a.xml", "sitemap_news.xml.gz", "post-sitemap.xml"], ["sitemap_news.xml.gz", "post-sitemap.xml"]),
        (["a.xml", "sitemap?type=news"], ["sitemap?type=news"]),
        (["a.xml", "newsletter-sitemap.xml"], ["a.xml", "newsletter-sitemap.xml"]),
        (["a.xml", "newsroom/sitemap.xml"], ["a.xml", "newsroom/sitemap.xml"]),
        (["a.xml", "news/sitemap.xml"], ["a.xml", "news/sitemap.xml"]),
        (["a.xml", "sitemap-newsarchive.xml", "oldnews.xml"], ["a.xml", "sitemap-newsarchive.xml", "oldnews.xml"]),
        (["a.xml", "news-category-sitemap.xml"], ["a.xml", "news-category-sitemap.xml"]),
    ],
)
def test_sitemap_is_of_news_where_its_own_name_says_so_in_a_word(listed, followed):
    assert names(Robots(URL).followed(sitemaps(*(f"Sitemap: /{name}" for name in listed)), None)) == followed


def test_of_many_sitemaps_those_of_articles_are_followed_first():
    lines = [f"Sitemap: /tag-sitemap{n}.xml" for n in range(20)] + ["Sitemap: /a.xml", "Sitemap: /post-sitemap.xml"]

    followed = names(Robots(URL).followed(sitemaps(*lines), None))

    assert (followed[:2], len(followed)) == (["post-sitemap.xml", "a.xml"], NEWEST)
