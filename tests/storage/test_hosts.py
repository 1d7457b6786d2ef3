from datetime import timedelta

import pytest

from scrapers.storage import hosts
from scrapers.storage.connection import connect
from scrapers.storage.hosts import FAILURES, PAUSE, close_host, host_answered, host_failed, take_turn

SECOND = timedelta(seconds=1)
NOW = timedelta(0)
HOST = "www.example.com"


def later(database, seconds):
    """Let time pass, as far as the table can tell."""
    database.execute(
        "UPDATE hosts SET next_request_at = next_request_at - %(s)s, closed_until = closed_until - %(s)s",
        {"s": timedelta(seconds=seconds)},
    )


def test_first_turn_is_free_and_the_next_one_is_due_after_the_delay(database):
    first, second = take_turn(database, HOST, SECOND), take_turn(database, HOST, SECOND)

    assert first.taken
    assert not second.taken
    assert 0.5 < second.due_in_s <= 1.0
    later(database, 1)
    assert take_turn(database, HOST, SECOND).taken


def test_host_of_one_name_has_one_turn_for_all_connections(database, dsn):
    take_turn(database, HOST, SECOND)

    with connect(dsn) as other:
        assert not take_turn(other, HOST, SECOND).taken
        assert take_turn(other, "other.example.com", SECOND).taken


def test_host_that_asks_to_be_left_alone_is_closed_to_all_until_then(database, dsn):
    take_turn(database, HOST, NOW)
    close_host(database, HOST, timedelta(hours=1), "http_429")

    with connect(dsn) as other:
        turn = take_turn(other, HOST, NOW)
    assert (turn.taken, turn.closed_because) == (False, "http_429")
    assert 3500 < turn.closed_s <= 3600
    later(database, 3600)
    assert take_turn(database, HOST, NOW).taken


def test_shorter_wait_does_not_take_back_a_longer_one(database):
    take_turn(database, HOST, NOW)
    close_host(database, HOST, timedelta(hours=1), "http_429")
    close_host(database, HOST, timedelta(seconds=10), "http_503")

    assert take_turn(database, HOST, NOW).closed_s > 3500


def open_breaker(database):
    take_turn(database, HOST, NOW)
    return [host_failed(database, HOST, "http_500", is_trial=False) for _ in range(FAILURES)]


def test_breaker_opens_when_pages_fail_in_a_row_and_not_before(database):
    *before, last = open_breaker(database)

    assert before == [0] * (FAILURES - 1)
    assert last == pytest.approx(PAUSE.total_seconds(), abs=1)
    assert not take_turn(database, HOST, NOW).taken


def test_answer_between_failures_keeps_the_breaker_closed(database):
    take_turn(database, HOST, NOW)
    for _ in range(3):
        for _ in range(FAILURES - 1):
            host_failed(database, HOST, "http_500", is_trial=False)
        host_answered(database, HOST)

    assert take_turn(database, HOST, NOW).taken


def test_after_the_pause_one_request_tries_and_others_wait_for_it(database, dsn):
    open_breaker(database)
    later(database, PAUSE.total_seconds())

    turn = take_turn(database, HOST, NOW)

    assert turn.taken
    assert turn.failures >= FAILURES
    with connect(dsn) as other:
        assert not take_turn(other, HOST, NOW).taken
    host_answered(database, HOST)
    assert take_turn(database, HOST, NOW) == hosts.Turn(True, 0, 0, "http_500", 0)


def test_pause_doubles_each_time_that_the_trial_fails_but_not_for_what_was_under_way(database):
    first = open_breaker(database)[-1]
    under_way = host_failed(database, HOST, "http_500", is_trial=False)
    later(database, PAUSE.total_seconds())
    take_turn(database, HOST, NOW)
    second = host_failed(database, HOST, "http_500", is_trial=True)

    assert under_way <= first
    assert second == pytest.approx(2 * PAUSE.total_seconds(), abs=1)


def test_robots_txt_that_fails_leaves_the_copy_of_before(database):
    hosts.keep_robots(database, "https://a.example", status=200, body=b"User-agent: *\n", error=None)
    hosts.keep_robots(database, "https://a.example", status=503, body=None, error="HTTP 503")

    kept = hosts.find_robots(database, "https://a.example")

    assert (kept.body, kept.error) == (b"User-agent: *\n", "HTTP 503")
    assert kept.age_s < 60
    assert hosts.find_robots(database, "http://a.example") is None
