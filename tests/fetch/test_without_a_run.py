"""Scrapy's own commands fetch through the same guards, where there is no run and no database."""

import pytest

from tests.conftest import FAST


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


@pytest.mark.parametrize(
    "arguments",
    [("fetch", "--nolog"), ("fetch",), ("parse", "--nolog", "--spider", "detik"), ("shell", "--nolog", "-c", "1")],
)
@pytest.mark.parametrize("at", ["http://127.0.0.1:{}/", "http://kabar.localhost:{}/", "localhost:{}"])
def test_command_says_in_one_line_that_the_guard_refuses_an_address(nowhere, site, arguments, at):
    address = at.format(site.port)
    if arguments[0] == "shell" and "://" not in address:
        address = f"http://{address}"

    result = nowhere.run("scrapy", *arguments, address)

    said = [line for line in result.err.splitlines() if line.startswith(f"scrapy {arguments[0]}: ")]
    assert len(said) == 1, result.err
    assert "address guard" in said[0]
    assert result.code == 4
    assert site.seen == []


def test_command_says_that_robots_txt_forbids_an_address_and_that_nothing_answers(nowhere, site):
    forbidden = nowhere.run("scrapy", "fetch", "--nolog", "--spider", "seed", f"{site.address}/private/x")
    homeless = nowhere.run("scrapy", "parse", "--nolog", *FAST, "https://nothing.invalid/")
    silent = nowhere.run("scrapy", "fetch", "--nolog", *FAST, "https://nothing.invalid/")

    assert (forbidden.code, forbidden.last_line) == (
        5,
        f"scrapy fetch: {site.address}/private/x: its robots.txt forbids it",
    )
    assert (silent.code, silent.last_line) == (
        4,
        "scrapy fetch: https://nothing.invalid/: no answer came; without --nolog the log says why",
    )
    assert homeless.last_line == "scrapy parse: https://nothing.invalid/: it is of no outlet: name one with --spider"
