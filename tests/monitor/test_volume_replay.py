"""Months of simulated outlets replayed through the product's own rule, hour by hour, over real rows in Postgres.

An outlet publishes by a curve of its own over the day (at night a sixth of noon), less on weekends, and its days differ
by 10 % of its own and 11 % of all. A week of holidays takes 55 % of everybody's articles, more or less. The constants
of scrapers.monitor.volume were set with seeds 1 to 8 and 300 to 307 of such outlets; these are judged with others.

Each hour is judged by `volume.judge` from the stored rows, which are counted once; `arrivals.volumes`, which counts
them anew, is asked wherever that finds something, and every twelve hours, and must find the same.
"""

from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from scrapers.monitor.alarms import standing_alarms
from scrapers.monitor.arrivals import volumes
from scrapers.monitor.volume import HOURS, judge
from scrapers.monitor.watch import keep
from scrapers.storage.connection import connect

RATES = (20, 25, 30, 40, 50, 60, 60, 80, 100, 120, 150, 200, 300, 400, 500, 700, 1000)  # articles on a weekday
START = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday
BEFORE = timedelta(hours=HOURS)  # what is usual is learnt from it
RULES = ["silence", "fewer_articles", "more_articles"]
HOUR = timedelta(hours=1)


def arrivals(rates, days, seed, holiday):
    """Yield outlet and time of each article; `holiday` is the first day of the week of holidays."""
    random = np.random.default_rng(seed)
    of_all = np.exp(random.normal(0, 0.11, days))
    for number, rate in enumerate(rates):
        curve = np.exp(0.9 * np.cos((np.arange(24) - random.normal(12, 2)) * np.pi / 12))
        level = rate * of_all * np.exp(random.normal(0, 0.1, days))
        level[np.arange(days) % 7 >= 5] *= random.uniform(0.5, 0.8)
        level[holiday : holiday + 7] *= 0.45 * np.exp(random.normal(0, 0.1))
        for day in range(days):
            for hour, articles in enumerate(random.poisson(level[day] * curve / curve.sum())):
                for seconds in random.uniform(0, 3600, articles):
                    yield f"outlet_{number:02}", START + timedelta(days=day, hours=hour, seconds=seconds)


@pytest.fixture(scope="module")
def replay(cluster):
    """Return a function that fills a database with simulated outlets, and returns a connection to it."""
    opened = []

    def fill(rates, days, seed, holiday):
        name = f"replay_{seed}"
        cluster.create_database(name, template="migrated")
        connection = connect(cluster.dsn(name))
        opened.append(connection)
        database = connection.__enter__()
        database.execute("SET session_replication_role = replica")  # no pages, no search, no queue: only what came when
        database.execute("CREATE TEMPORARY TABLE came (outlet text, at timestamptz)")
        with database.cursor().copy("COPY came FROM STDIN") as copy:
            for row in arrivals(rates, days, seed, holiday):
                copy.write_row(row)
        database.execute(
            "INSERT INTO articles (outlet, page_id, url, canonical_url, canonical_url_sha256, url_key, headline,"
            " author, article_section, keywords, article_body, related, provenance, content_sha256, body_sha256,"
            " body_words, revision, date_published, first_seen_at)"
            " SELECT outlet, n, 'u' || n, 'u' || n, sha256(n::text::bytea), 'u', 'h', '{}', '{}', '{}', '{}', '[]',"
            " '{}', '', '', 300, 1, at, at FROM (SELECT *, row_number() OVER (ORDER BY at) AS n FROM came) AS numbered"
        )
        database.execute(
            "INSERT INTO runs (run_id, outlet, kind, requested_by, started_at, finished_at, outcome)"
            " SELECT gen_random_uuid(), outlet, 'crawl', 'airflow', at, at, 'succeeded'"
            " FROM (SELECT DISTINCT outlet FROM came) AS outlets,"
            " generate_series(%s::timestamptz, %s, '30 minutes') AS at",
            (START, START + timedelta(days=days)),
        )
        database.execute("ANALYZE")
        return database

    yield fill
    for connection in opened:
        connection.__exit__(None, None, None)


class Arrived:
    """The stored articles of each outlet, to be judged at any time."""

    def __init__(self, database):
        seconds = "extract(epoch FROM first_seen_at - %s)::float8"
        statement = f"SELECT outlet, article_id, {seconds} FROM articles ORDER BY first_seen_at"
        rows = database.execute(statement, (START,)).fetchall()
        self.names = sorted({outlet for outlet, _, _ in rows})
        of_outlet = {name: [row[1:] for row in rows if row[0] == name] for name in self.names}
        self.articles = {name: np.array(found) for name, found in of_outlet.items()}

    def without(self, outlet, article_ids):
        left = object.__new__(Arrived)
        kept = ~np.isin(self.articles[outlet][:, 0], article_ids)
        left.names, left.articles = self.names, self.articles | {outlet: self.articles[outlet][kept]}
        return left

    def judged(self, now):
        """Return which outlets break which rule at a time."""
        end = (now - START) / timedelta(seconds=1)
        edges = end - 3600 * np.arange(HOURS, -1, -1)
        times = [self.articles[name][:, 1] for name in self.names]
        counts = np.array([np.diff(np.searchsorted(each, edges))[::-1] for each in times], dtype=float)
        gaps = np.array([(end - each[np.searchsorted(each, end) - 1]) / 3600 for each in times])
        return {(found[0], name) for name, found in zip(self.names, judge(counts, gaps), strict=True) if found}


def look(database, now):
    keep(database, now, list(volumes(database, now)), RULES)


def false_alarms(database, days, step=1):
    """Return how many alarms each outlet raises in so many days in which all is well."""
    arrived = Arrived(database)
    for hour in range(0, 24 * days, step):
        now = START + BEFORE + hour * HOUR
        judged = arrived.judged(now)
        if judged or hour % 12 == 0 or standing_alarms(database):
            found = list(volumes(database, now))
            ongoing = {("silence", alarm.outlet) for alarm in standing_alarms(database)}
            assert judged <= {(one.rule, one.outlet) for one in found} <= judged | ongoing
            keep(database, now, found, RULES)
    return Counter(alarm.outlet for alarm in standing_alarms(database, since=START))


@contextmanager
def undone(database):
    with database.transaction(force_rollback=True):
        yield


def hours_until(database, outlet, since, share, most, arrived=None):
    """Return after how many hours an outlet that loses this share of its articles raises an alarm; None if none."""
    rule = "silence" if share == 1 else "fewer_articles"
    whole = arrived or Arrived(database)
    [later] = np.nonzero(whole.articles[outlet][:, 1] > (since - START) / timedelta(seconds=1))
    lost = whole.articles[outlet][later, 0][np.random.default_rng(105).random(len(later)) < share].astype(int)
    left = whole.without(outlet, lost)
    times = (hours for hours in range(1, most + 1) if (rule, outlet) in left.judged(since + hours * HOUR))
    hours = next(times, None)
    with undone(database):
        database.execute("DELETE FROM articles WHERE article_id = ANY (%s)", (lost.tolist(),))
        found = {(one.rule, one.outlet) for one in volumes(database, since + (hours or most) * HOUR)}
    assert ((rule, outlet) in found) == (hours is not None)
    return hours


def test_three_weeks_with_a_holiday_raise_no_alarm_but_a_silence_and_a_fall_do(replay):
    rates = (30, 60, 100, 100, 150, 200)
    database = replay(rates, days=65, seed=31, holiday=50)

    alarms = false_alarms(database, days=21, step=4)

    assert max(alarms.values(), default=0) <= 1, alarms
    assert sum(alarms.values()) <= 1, alarms
    noon = START + timedelta(days=61, hours=12)
    for outlet in ("outlet_01", "outlet_04", "outlet_05"):
        assert hours_until(database, outlet, noon, share=1, most=8), outlet
    assert hours_until(database, "outlet_05", noon, share=0.6, most=24)
    assert hours_until(database, "outlet_04", noon, share=0.2, most=24) is None


def test_silence_says_what_would_have_come_and_lasts_until_an_article_comes(replay):
    database = replay((100, 100), days=100, seed=32, holiday=0)
    since = START + timedelta(days=60, hours=9)
    database.execute("DELETE FROM articles WHERE outlet = 'outlet_00' AND first_seen_at > %s", (since,))

    look(database, since + 8 * HOUR)
    [alarm] = standing_alarms(database)
    for days in (1, 10, 39):
        look(database, since + timedelta(days=days))

    assert (alarm.rule, alarm.outlet) == ("silence", "outlet_00")
    assert since - 2 * HOUR < alarm.began_at < since
    assert alarm.summary.startswith("normally ")
    assert alarm.sample_url
    assert [one.alarm_id for one in standing_alarms(database)] == [alarm.alarm_id]

    again = since + timedelta(days=39, hours=1)
    database.execute(
        "UPDATE articles SET outlet = 'outlet_00' WHERE first_seen_at BETWEEN %s - interval '1 hour' AND %s",
        (again, again),
    )
    look(database, again)

    assert standing_alarms(database) == []


def test_silence_while_no_crawl_succeeds_is_not_the_outlets(replay):
    database = replay((100, 100), days=50, seed=33, holiday=0)
    since = START + timedelta(days=48, hours=9)
    database.execute("DELETE FROM articles WHERE outlet = 'outlet_00' AND first_seen_at > %s", (since,))
    database.execute("UPDATE runs SET outcome = 'failed', reason = 'x' WHERE started_at > %s", (since,))

    look(database, since + 8 * HOUR)

    assert standing_alarms(database) == []


@pytest.mark.proof
@pytest.mark.parametrize("seed", [101, 102, 105, 106])
def test_ninety_days_of_seventeen_outlets_raise_at_most_one_false_alarm_each(replay, seed, capsys):
    database = replay(RATES, days=43 + 90, seed=seed, holiday=43 + 45)

    alarms = false_alarms(database, days=90)

    with capsys.disabled():
        print(f"\nseed {seed}: {sum(alarms.values())} false alarms of 17 outlets in 90 days: {dict(alarms)}")  # noqa: T201
    assert max(alarms.values(), default=0) <= 1


@pytest.mark.proof
@pytest.mark.parametrize(("share", "limit"), [(1, 8), (0.6, 24)], ids=["silent", "fallen"])
def test_outlet_of_sixty_a_day_that_stops_or_loses_most_articles_is_noticed_in_time(replay, capsys, share, limit):
    database = replay(RATES, days=82, seed=103 + limit, holiday=0)
    arrived, random = Arrived(database), np.random.default_rng(104)
    noticed = {}
    for number in range(RATES.index(60), len(RATES)):
        days = (49 + 7 * (week % 4) + int(random.integers(4)) for week in range(12))  # Monday to Thursday
        starts = [START + timedelta(days=day, hours=int(random.integers(24))) for day in days]
        found = [hours_until(database, f"outlet_{number:02}", start, share, 2 * limit, arrived) for start in starts]
        noticed[number] = [hours is not None and hours <= limit for hours in found]
        with capsys.disabled():
            print(f"\n{RATES[number]} a day, {share:.0%} gone: noticed after {found} hours", end="")  # noqa: T201
    for least, most, part in (
        (60, 79, 0.75),
        (80, 149, 0.85),
        (150, 1000, 0.95),
    ):  # chance explains a night or a day of few
        cases = [case for number, found in noticed.items() if least <= RATES[number] <= most for case in found]
        assert sum(cases) >= part * len(cases), (least, noticed)
