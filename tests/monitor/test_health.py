"""How an outlet fares, over days."""

from datetime import UTC, date, datetime, timedelta

from scrapers.monitor import health
from scrapers.storage.articles import store
from scrapers.storage.runs import finish_run
from tests.factories import article, leased, result


def test_usual_volume_is_the_median_of_the_same_weekday_of_four_weeks():
    today = date(2026, 3, 31)
    counts = {today - timedelta(weeks=ago): articles for ago, articles in enumerate([5, 10, 40, 20, 30])}

    days = health.volume_by_day(counts, today)

    assert len(days) == 28
    assert days[-1] == health.DayVolume(today, 5, 25)
    assert days[0].usual is None  # nothing is known of the weeks before
    assert health.volume_by_day({today: 5}, today)[-1].usual is None


def test_outlet_is_told_by_its_articles_requests_hosts_and_failures(database, run_id):
    now = datetime.now(UTC)
    given = article(
        date_published=now - timedelta(minutes=30),
        date_published_precision="minute",
        keywords=("a",),
        description=None,
    )
    [page, lost] = leased(database, run_id, given.url, "https://www.example.test/lost")
    store(database, run_id, [result(page, article=given, requested_at=now)])
    store(database, run_id, [result(lost, state="gave_up", reason="http_500", requested_at=now)])
    database.execute(
        "INSERT INTO hosts (host, closed_until, closed_because) VALUES ('www.example.test', now() + '1 h', 'http_503')"
    )
    finish_run(database, run_id, "succeeded", None)

    [fields] = health.fields(database, "seed", "UTC")
    results, by_day = health.fetches(database, "seed", "UTC")
    [host] = health.hosts(database, "seed")
    [failure] = health.failures(database, "seed")

    assert health.volume(database, "seed", "UTC")[-1].articles == 1
    assert (fields["keywords"], fields["description"]) == (1, 0)
    assert timedelta(minutes=29) < fields["half_within"] < timedelta(minutes=32)
    assert results == ["2xx"]
    assert sum(counts["2xx"] for counts in by_day.values()) == 2
    assert (host["host"], host["closed_because"]) == ("www.example.test", "http_503")
    assert (failure["reason"], failure["pages"], failure["example"]) == ("http_500", 1, "https://www.example.test/lost")
