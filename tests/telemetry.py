"""A stand-in for an OpenTelemetry collector: it takes what is sent over HTTP, and gives it back."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span


class Collector:
    """What was sent so far, and the variables of the environment that make a program send it here."""

    def __init__(self, port: int) -> None:
        self.bodies: list[tuple[str, bytes]] = []
        self.environment = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{port}",
            "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",  # of metrics
            "OTEL_TRACES_EXPORTER": "otlp_proto_http",
        }

    def gauges(self) -> dict[str, float]:
        """Return the newest value of each gauge, by name."""
        sent = [ExportMetricsServiceRequest.FromString(body) for path, body in self.bodies if path == "/v1/metrics"]
        scopes = [scope for one in sent for of in one.resource_metrics for scope in of.scope_metrics]
        found = [metric for scope in scopes for metric in scope.metrics]
        return {metric.name: point.as_double or point.as_int for metric in found for point in metric.gauge.data_points}

    def spans(self) -> list[Span]:
        """Return all spans that have ended."""
        sent = [ExportTraceServiceRequest.FromString(body) for path, body in self.bodies if path == "/v1/traces"]
        return [span for one in sent for of in one.resource_spans for scope in of.scope_spans for span in scope.spans]


@contextmanager
def collecting() -> Iterator[Collector]:
    """Return a collector that listens on the loopback address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            collector.bodies.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collector = Collector(server.server_port)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield collector
    server.shutdown()
    server.server_close()
