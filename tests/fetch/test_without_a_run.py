"""Scrapy's own commands fetch through the same guards, where there is no run and no database."""

import pytest


@pytest.fixture
def nowhere(commands):
    commands.environment["WARTA_DSN"] = "host=127.0.0.1 port=9 dbname=warta"
    return commands


def test_scrapy_fetch_and_parse_need_no_database(nowhere, site):
    address = next(url for url in site.articles() if "/techno/" in url)

    fetched = nowhere.run("scrapy", "fetch", "--nolog", "--spider", "seed", address)
    parsed = nowhere.run("scrapy", "parse", "--spider", "seed", "--nolog", "--noitems", address)

    assert fetched.code == 0, fetched.err
    assert "<h1" in fetched.out
    assert parsed.code == 0, parsed.err
    assert [seen.path for seen in site.seen].count("/robots.txt") == 2  # one each


def test_scrapy_fetch_does_not_ask_for_what_robots_txt_forbids(nowhere, site):
    nowhere.run("scrapy", "fetch", "--nolog", "--spider", "seed", f"{site.address}/private/x")

    assert {seen.path for seen in site.seen} == {"/robots.txt"}
