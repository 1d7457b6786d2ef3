from datetime import UTC, datetime, timedelta, timezone

import pytest

from scrapers.errors import UsageError
from scrapers.spiders.arguments import read_arguments, read_list, read_site
from tests.conftest import FAST

WIB = timezone(timedelta(hours=7))


def read(**given):
    return read_arguments(given, time_zone="Asia/Jakarta")


def test_days_are_the_outlets_and_until_includes_its_day():
    wanted = read(since="2025-12-15", until="2025-12-15").scope

    assert wanted.since == datetime(2025, 12, 15, tzinfo=WIB)
    assert wanted.until == datetime(2025, 12, 16, tzinfo=WIB)


def test_times_with_a_zone_are_taken_as_they_are():
    assert read(since="2025-12-15T10:00Z").scope.since == datetime(2025, 12, 15, 10, tzinfo=UTC)


def test_urls_come_separated_by_spaces_commas_or_lines():
    assert read(urls="https://a.test/1, https://a.test/2\nhttps://a.test/3#x").scope.urls == [
        "https://a.test/1",
        "https://a.test/2",
        "https://a.test/3",
    ]


@pytest.mark.parametrize(
    ("given", "urls"),
    [
        ("https://a.test/1,2,berita.html", ["https://a.test/1,2,berita.html"]),
        ("https://a.test/?ids=1,2&b=3,https://a.test/4", ["https://a.test/?ids=1,2&b=3", "https://a.test/4"]),
        ("https://a.test/1,2, https://a.test/3,", ["https://a.test/1,2", "https://a.test/3,"]),
        (
            "https://a.test/1,http://a.test/2,3\thttps://a.test/4",
            ["https://a.test/1", "http://a.test/2,3", "https://a.test/4"],
        ),
        ("a.test/1,2 a.test:8443/3", ["https://a.test/1,2", "https://a.test:8443/3"]),
    ],
)
def test_comma_is_part_of_an_address_unless_another_one_follows(given, urls):
    assert read(urls=given).scope.urls == urls


@pytest.mark.parametrize(
    "given", ["https://[a]/1", "https://a.test:99999/", "berita", "ftp://a.test/1", "https://a.test/1 2"]
)
def test_what_is_no_address_among_urls_is_refused_in_one_line(given):
    with pytest.raises(UsageError, match="is no http or https address"):
        read(urls=given)


@pytest.mark.parametrize(
    ("given", "site"),
    [
        ("www.example.test", "https://www.example.test"),
        ("Example.test:8443/news/", "https://example.test:8443"),
        ("http://example.test/a?b#c", "http://example.test"),
        ("localhost:8000", "http://localhost:8000"),
        ("www.kabar.localhost:8000/x", "http://www.kabar.localhost:8000"),
        ("127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("koran:8080", "https://koran:8080"),
    ],
)
def test_scheme_of_a_site_may_be_left_out(given, site):
    assert read_site(given) == site


@pytest.mark.parametrize(
    "given", ["", "kabar", "ftp://kabar.test", "https://", "kabar.test:port", "mailto:a@b.test", "a b.test"]
)
def test_what_is_no_site_is_refused(given):
    with pytest.raises(UsageError, match="is no site"):
        read_site(given)


def test_empty_values_mean_no_bound():
    arguments = read(limit="", since="", urls=" ", full="")

    assert (arguments.limit, arguments.scope.since, arguments.scope.urls, arguments.scope.full) == (
        None,
        None,
        None,
        False,
    )


def test_runs_have_ids_of_their_own_unless_one_is_given():
    given = "0b9d1b6e-6a3c-4f3e-9d0e-2f1f8f6f7a11"

    assert read().run_id != read().run_id
    assert str(read(run_id=given).run_id) == given


def test_crawl_of_a_schedule_is_told_from_one_that_somebody_asked_for():
    asked = ("cli", "airflow:crawl_seed/manual__2025-12-15T00:00:00+00:00", "airflow:crawl_seed/backfill__2025-12-15")

    assert read_arguments({"requested_by": "airflow:crawl_seed/scheduled__2025-12-15"}, time_zone="UTC").by_schedule
    assert not any(read_arguments({"requested_by": by}, time_zone="UTC").by_schedule for by in asked)


@pytest.mark.parametrize("given", [
    {"limit": "0"}, {"limit": "1.0"}, {"limit": "9" * 5000}, {"limit": "1000001"}, {"limit": "\u0661"},
    {"since": "9999-12-31"}, {"until": "9999-12-31"}, {"until": "0001-01-01"}, {"since": "x" * 100_000},
    {"since": "2026-02-02", "until": "2026-01-01"}, {"urls": "https://a.test/" + "a" * 2000}, {"urls": "x" * 100_000},
    {"urls": "https://a.test/ " * 10_001}, {"full": "x" * 100_000}, {"run_id": "x" * 100_000}, {"x" * 100_000: ""},
], ids=lambda given: f"{next(iter(given.items()))}"[:40])  # fmt: skip
def test_what_no_crawl_can_do_is_refused_in_a_short_line(given):
    with pytest.raises(UsageError) as refused:
        read(**given)

    assert len(str(refused.value)) < 500
    assert "\n" not in str(refused.value)


def test_run_keeps_no_more_of_an_argument_than_anybody_reads():
    kept = read(urls="https://a.test/1 " * 9_000).given["urls"]

    assert len(kept) <= 10_000
    assert kept.endswith("… (153,000 characters)")


def test_list_is_read_from_a_file(tmp_path):
    file = tmp_path / "urls"
    file.write_text("https://a.test/1\nhttps://a.test/2\n")

    assert read(urls=read_list(f"@{file}")).scope.urls == ["https://a.test/1", "https://a.test/2"]
    assert read_list("https://a.test/@b") == "https://a.test/@b"


@pytest.mark.parametrize("name", ["@/nowhere", "@/", "@\0", "@"])
def test_list_that_cannot_be_read_is_named(name):
    with pytest.raises(UsageError, match="cannot be read"):
        read_list(name)


def test_crawl_reads_its_addresses_from_standard_input(commands, faults, balance):
    lines = "\n".join([faults.url(path) for path in faults.articles[:2]] * 1000)

    result = commands.run(
        *("scrapy", "crawl", "news", "-a", f"url={faults.address}", "-a", "urls=@-", *FAST),
        stdin=lines,
    )

    assert result.code == 0, result.err
    assert balance() == {"stored": 2}


def test_crawl_of_a_list_that_is_not_there_ends_with_one_line(commands):
    result = commands.crawl("seed", "-a", "urls=@/nowhere")

    assert (result.code, result.err.count("\n")) == (2, 1)
