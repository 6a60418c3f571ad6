"""Prometheus metrics of the store, served on loopback."""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from prometheus_client import CollectorRegistry, make_wsgi_app
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import ThreadingWSGIServer

from shopwire.storage.crawl_log.outcomes import WORKER_CRASHED, Outcome
from shopwire.storage.database import open_to_read
from shopwire.storage.maintenance.check import NO_PROBLEMS
from shopwire.storage.maintenance.sizes import measure_sizes
from shopwire.storage.maintenance.upkeep import CHECK
from shopwire.storage.text.host_names import is_known_host
from shopwire.storage.timestamps import format_now

LOOPBACK = "127.0.0.1"
Family = CounterMetricFamily | GaugeMetricFamily
FAMILIES: Mapping[str, Callable[..., Family]] = {"counter": CounterMetricFamily, "gauge": GaugeMetricFamily}

LAG = """
SELECT round((julianday(:now) - julianday(last_article)) * 86400), source
FROM sources_health WHERE last_article IS NOT NULL
"""
KILLED = f"""
SELECT count(*) FROM fetches WHERE kind = 'page' AND (
    (outcome = '{Outcome.TIMEOUT}' AND status = 200)
    OR (outcome = '{Outcome.BAD_HTML}' AND substr(reason, 1, {len(WORKER_CRASHED)}) = '{WORKER_CRASHED}')
)
"""
CHECK_AGE = f"""
SELECT round((julianday(:now) - julianday(at)) * 86400) FROM events WHERE kind = '{CHECK}'
ORDER BY id DESC LIMIT 1
"""
Metrics = Sequence[tuple[str, str, str, str]]

# Name, kind, help, and a query that gives a value and then a column for each label.
METRICS: Metrics = (
    ("articles", "gauge", "Articles in the store.", "SELECT count(*) FROM articles"),
    (
        "fetches_total",
        "counter",
        "Attempts by outcome.",
        "SELECT count(*), outcome FROM fetches GROUP BY outcome",
    ),
    (
        "pages_killed_total",
        "counter",
        "Pages whose worker process crashed or timed out.",
        KILLED,
    ),
    (
        "runs_total",
        "counter",
        "Crawls by outcome.",
        "SELECT count(*), coalesce(outcome, 'running') AS outcome FROM runs GROUP BY 2",
    ),
    ("source_lag_seconds", "gauge", "Time since the last new article of a source.", LAG),
    (
        "source_status",
        "gauge",
        "1 for the status a source has.",
        "SELECT 1, source, status FROM sources_health",
    ),
    (
        "sources_due",
        "gauge",
        "Sources that are due and wait for their turn.",
        "SELECT count(*) FROM schedule WHERE next_due <= :now AND pid IS NULL",
    ),
    (
        "crawls_running",
        "gauge",
        "Crawls that run now.",
        "SELECT count(*) FROM schedule WHERE pid IS NOT NULL",
    ),
    (
        "check_age_seconds",
        "gauge",
        "Time since the last check of the store by the daemon.",
        CHECK_AGE,
    ),
    (
        "check_failed",
        "gauge",
        "1 if the last check of the store by the daemon found problems.",
        f"SELECT text <> '{NO_PROBLEMS}' FROM events WHERE kind = '{CHECK}' ORDER BY id DESC LIMIT 1",
    ),
)


class StoreCollector:
    """Reads the metrics from the store each time they are scraped."""

    def __init__(self, path: Path, metrics: Metrics = METRICS) -> None:
        self.path, self.metrics = path, metrics

    def collect(self) -> Iterable[Family]:
        """Return all metrics as of now. Each scrape is a thread with a connection of its own."""
        moment = {"now": format_now()}
        with open_to_read(self.path) as store:
            families = [
                build_family(name, kind, text, store.db.execute(sql, moment))
                for name, kind, text, sql in self.metrics
            ]
        return [*families, build_disk_family(self.path)]


def build_family(name: str, kind: str, text: str, cursor: sqlite3.Cursor) -> Family:
    """Return the samples of one metric: a query's first column is the value, the others are labels."""
    labels = [column for column, *_ in cursor.description[1:]]
    family = FAMILIES[kind](f"shopwire_{name}", text, labels=labels)
    for value, *names in cursor:
        family.add_metric(list(map(str, names)), value)
    return family


def build_disk_family(path: Path) -> Family:
    """Return the bytes of the store at a path and of its archive, and those that are free."""
    family = FAMILIES["gauge"]("shopwire_disk_bytes", "Bytes on the disk.", labels=["part"])
    for part, size in measure_sizes(path, path.with_name("archive")).items():
        family.add_metric([part], size)
    return family


class SilentHandler(WSGIRequestHandler):
    """Writes no log: the metrics are read every few seconds."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is that of the base
        """Write nothing."""


def check_host(app: WSGIApplication) -> WSGIApplication:
    """Return a WSGI application that refuses requests for another host name than ours."""

    def wrapped(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if is_known_host(environ.get("HTTP_HOST", "")):
            return app(environ, start_response)
        start_response("421 Misdirected Request", [("Content-Type", "text/plain")])
        return [b"unknown host name\n"]

    return wrapped


@contextmanager
def serve_metrics(path: Path, port: int) -> Iterator[int]:
    """Serve the metrics of the store at `path` inside the block, which is given the port; port 0 takes
    any free one. Raises `OSError` when the port is taken."""
    registry = CollectorRegistry()
    registry.register(StoreCollector(path))
    app = check_host(make_wsgi_app(registry))
    try:
        server = make_server(LOOPBACK, port, app, ThreadingWSGIServer, SilentHandler)
    except OSError as error:
        raise OSError(f"cannot serve metrics on {LOOPBACK} port {port}: {error.strerror}") from error
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
