import re
import sys
from zoneinfo import ZoneInfo

import pytest
from lxml import html

from scrapers.errors import UsageError
from scrapers.extract.layers import selectors
from scrapers.spiders import outlet, outlets
from tests.conftest import Commands

COMMANDS = Commands()
FORMS = {  # an article's address, and other addresses of the same page
    "detik": ("https://news.detik.com/berita/d-7912345/judul-berita", ("/2", "?single=1", "/amp", "?tag_from=wp_1")),
    "kompas": ("https://www.kompas.com/tren/read/2026/03/04/071500478/judul-berita", ("?page=2", "?page=all#page2")),
    "tempo": ("https://www.tempo.co/lingkungan/judul-berita-2277001", ("?page=all", "?page_num=2")),
    "antaranews": ("https://jateng.antaranews.com/berita/5301234/judul-berita", ("?page=2", "?page=all")),
    "cnnindonesia": (
        "https://www.cnnindonesia.com/ekonomi/20260520093010-92-1299001/judul",
        ("/2", "?page=all", "/amp"),
    ),
    "liputan6": ("https://www.liputan6.com/news/read/6120345/judul-berita", ("?page=2", "?medium=Headline")),
    "tribunnews": ("https://www.tribunnews.com/regional/7801122/judul-berita", ("?page=2", "?page=all")),
    "okezone": ("https://news.okezone.com/read/2026/07/03/337/3230011/judul-berita", ("?page=2", "?page=all")),
    "sindonews": ("https://ekbis.sindonews.com/read/1731001/178/judul-17848", ("/5", "/10", "?showpage=all", "/10#x")),
    "republika": ("https://ekonomi.republika.co.id/berita/tin1aa472/judul-berita", ("-part2", "?page=all")),
    "viva": ("https://www.viva.co.id/otomotif/motor/1820045-judul-berita", ("?page=2", "?page=all")),
    "merdeka": ("https://www.merdeka.com/peristiwa/read/8251111/judul-berita", ("?page=2", "?show=all")),
    "suara": ("https://www.suara.com/news/2026/07/14/070859/judul-berita", ("?page=2", "?page=all")),
    "kumparan": ("https://kumparan.com/kumparannews/judul-27oRU1T1EYV", ("/full", "?ref=rss")),
    "jpnn": ("https://www.jpnn.com/news/judul-berita", ("?page=2",)),
    "bisnis": ("https://finansial.bisnis.com/read/20260612/90/1998001/judul-berita", ("?page=2", "/2", "?page=all")),
}
LISTS = ("", "/", "/indeks", "/tag/banjir", "/news", "/nasional", "/foto/d-12/x", "/search?q=banjir", "/about-us")


@pytest.mark.parametrize("spider", outlets(), ids=lambda spider: spider.name)
def test_outlet_declares_what_a_crawl_needs(spider):
    assert spider.__module__ == f"scrapers.spiders.{spider.name}"
    assert spider.__doc__
    assert spider.publisher
    assert ZoneInfo(spider.time_zone)
    assert spider.site.startswith("http")
    assert spider.feeds
    assert [feed.url for feed in spider.feeds if not spider.is_on_outlet(feed.url)] == []


@pytest.mark.parametrize("spider", outlets(), ids=lambda spider: spider.name)
def test_outlet_is_not_crawled_before_somebody_wants_it_and_says_what_nobody_has_verified(spider):
    if spider.name != "seed":
        assert spider.paused
        assert "Unverified:" in re.sub(r"\s+", " ", sys.modules[spider.__module__].__doc__)


@pytest.mark.parametrize("spider", outlets(), ids=lambda spider: spider.name)
def test_each_selector_of_an_outlet_can_be_read(spider):
    page = html.fromstring("<html><body><p>Teks</p></body></html>")

    found = [selectors.elements(page, css) for css in (*spider.selectors.values(), spider.article_body, *spider.remove)]

    assert not any(found)


@pytest.mark.parametrize(("name", "url", "form"), [(n, url, form) for n, (url, fs) in FORMS.items() for form in fs])
def test_forms_of_a_page_are_one_page_and_one_article(name, url, form):
    spider = outlet(name)

    assert spider.is_article_url(url + form)
    assert spider.page_url(url + form) == spider.article_url(url + form) == url


@pytest.mark.parametrize("name", FORMS)
def test_whole_article_is_a_form_of_its_page(name):
    spider, (url, _) = outlet(name), FORMS[name]

    assert spider.page_url(url + (spider.whole_article or "")) == url


@pytest.mark.parametrize("name", FORMS)
def test_lists_are_no_articles_and_another_site_is_never_the_outlets(name):
    spider, (url, _) = outlet(name), FORMS[name]

    assert not [path for path in LISTS if spider.is_article_url(spider.site + path)]
    assert not spider.is_article_url(url.replace(".co", ".evil.co"))


def test_unknown_outlet_is_named_with_the_nearest_that_there_is():
    with pytest.raises(UsageError, match="did you mean 'kompas'"):
        outlet("kompass")


def test_scrapy_lists_every_outlet():
    result = COMMANDS.run("scrapy", "list")

    assert result.out.split() == sorted([*(spider.name for spider in outlets()), "news"])


def test_scrapy_check_reads_the_seed_article(commands):
    result = commands.run("scrapy", "check", "seed")

    assert result.code == 0, result.err
    assert "OK" in result.err
    assert "Ran 3 contracts" in result.err


def test_scrapy_parse_shows_the_article_of_an_address(commands, site):
    url = next(url for url in site.articles() if "/techno/" in url)

    result = commands.run("scrapy", "parse", "--spider=seed", "--nolog", "--nocolour", url)

    assert result.code == 0, result.err
    assert "'headline': 'Radio Desa" in result.out
    assert "'provenance'" in result.out


def test_scrapy_shell_opens_an_address(commands, site):
    result = commands.run("scrapy", "shell", "--nolog", "-c", "response.css('h1::text').get()", f"{site.address}/")

    assert result.code == 0, result.err


def test_schedule_of_every_half_hour_has_two_minutes_that_the_outlets_name_decides():
    minutes = [outlet.cron().split()[0] for outlet in outlets() if outlet.schedule == "H/30 * * * *"]

    assert all(int(second) - int(first) == 30 for first, second in (pair.split(",") for pair in minutes))
    assert len(set(minutes)) > len(minutes) / 2


def test_mobile_host_shows_the_articles_of_the_site():
    jpnn = outlet("jpnn")

    assert jpnn.article_url("https://m.jpnn.com/news/a-b") == jpnn.article_url("https://www.jpnn.com/news/a-b")
