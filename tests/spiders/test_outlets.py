import pytest

from scrapers.spiders import outlets
from tests.conftest import Commands

COMMANDS = Commands()


@pytest.mark.parametrize("spider", outlets(), ids=lambda spider: spider.name)
def test_outlet_declares_what_a_crawl_needs(spider):
    assert spider.__module__ == f"scrapers.spiders.{spider.name}"
    assert spider.__doc__
    assert spider.publisher
    assert spider.feeds
    assert all(any(host in feed.url for host in spider.hosts) for feed in spider.feeds)


def test_scrapy_lists_every_outlet():
    result = COMMANDS.run("scrapy", "list")

    assert result.out.split() == [spider.name for spider in outlets()]


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
