"""What the Dag `watch` does, and what it sends to an OpenTelemetry collector on this machine."""

import atexit

import pytest
from airflow.sdk._shared.observability.metrics import otel_logger, stats
from airflow.sdk.observability.metrics import stats_utils
from opentelemetry import metrics as opentelemetry

from scrapers.airflow import watching
from tests.telemetry import collecting


@pytest.fixture
def collected(monkeypatch):
    """Return a function that returns the gauges that a collector was sent, by name; Airflow's metrics go to it."""
    with collecting() as collector:
        monkeypatch.setenv("AIRFLOW__METRICS__OTEL_ON", "True")
        for name, value in collector.environment.items():
            monkeypatch.setenv(name, value)
        stats.initialize(factory=stats_utils.get_stats_factory(), export_legacy_names=False)
        yield lambda: opentelemetry.get_meter_provider().force_flush() and collector.gauges()
        opentelemetry.get_meter_provider().shutdown()  # else it sends to nobody until the process ends, and once more
        atexit.unregister(otel_logger.flush_otel_metrics)
        stats.initialize(factory=stats.NoStatsLogger, export_legacy_names=False)


def test_look_returns_what_stands_and_sends_metrics_by_airflows_own_means(crawled, commands, monkeypatch, collected):
    monkeypatch.setenv("WARTA_DSN", commands.environment["WARTA_DSN"])
    crawled.execute("UPDATE feeds SET failures = 3, error = 'x' WHERE feed_id = (SELECT min(feed_id) FROM feeds)")

    lines = watching.look()

    [line] = lines
    assert line.startswith("feed_failing seed http")
    sent = {name.removeprefix("airflow."): value for name, value in collected().items()}
    assert (sent["warta.alarms"], sent["warta.alarms.feed_failing"], sent["warta.alarms.silence"]) == (1, 1, 0)
    assert (sent["warta.crawls.succeeded"], sent["warta.crawls.failed"]) == (2, 0)
    assert sent["warta.requests"] > 20
    assert sent["warta.dedup_queue"] == 13
    assert watching.tell_all() == {}
