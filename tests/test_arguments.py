from datetime import UTC, datetime, timedelta, timezone

from scrapers.arguments import read_arguments

WIB = timezone(timedelta(hours=7))


def read(**given):
    return read_arguments(given, time_zone="Asia/Jakarta")


def test_days_are_the_outlets_and_until_includes_its_day():
    wanted = read(since="2025-12-15", until="2025-12-15").wanted

    assert wanted.since == datetime(2025, 12, 15, tzinfo=WIB)
    assert wanted.until == datetime(2025, 12, 16, tzinfo=WIB)


def test_times_with_a_zone_are_taken_as_they_are():
    assert read(since="2025-12-15T10:00Z").wanted.since == datetime(2025, 12, 15, 10, tzinfo=UTC)


def test_urls_come_separated_by_spaces_commas_or_lines():
    assert read(urls="https://a.test/1, https://a.test/2\nhttps://a.test/3#x").wanted.urls == [
        "https://a.test/1",
        "https://a.test/2",
        "https://a.test/3",
    ]


def test_empty_values_mean_no_bound():
    arguments = read(limit="", since="", urls=" ", full="")

    assert (arguments.limit, arguments.wanted.since, arguments.wanted.urls, arguments.wanted.full) == (
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
