"""What the Dag `watch` does, and what it sends to an OpenTelemetry collector on this machine."""

import atexit
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from airflow.sdk._shared.observability.metrics import otel_logger, stats
from airflow.sdk.observability.metrics import stats_utils
from opentelemetry import metrics as opentelemetry
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from scrapers.airflow import watching


@pytest.fixture
def collected(monkeypatch):
    """Return a function that returns the gauges that a collector was sent, by name; Airflow's metrics go to it."""
    bodies = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self):
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    def gauges():
        opentelemetry.get_meter_provider().force_flush()
        sent = [ExportMetricsServiceRequest.FromString(body) for body in bodies]
        found = [
            metric
            for one in sent
            for of in one.resource_metrics
            for scope in of.scope_metrics
            for metric in scope.metrics
        ]
        return {metric.name: point.as_double or point.as_int for metric in found for point in metric.gauge.data_points}

    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    monkeypatch.setenv("AIRFLOW__METRICS__OTEL_ON", "True")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    stats.initialize(factory=stats_utils.get_stats_factory(), export_legacy_names=False)
    yield gauges
    opentelemetry.get_meter_provider().shutdown()  # else it sends to nobody until the process ends, and then once more
    atexit.unregister(otel_logger.flush_otel_metrics)
    stats.initialize(factory=stats.NoStatsLogger, export_legacy_names=False)
    server.shutdown()
    server.server_close()


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
