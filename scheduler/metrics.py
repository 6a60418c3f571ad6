"""What the daemon shows on loopback: Prometheus metrics and the Atom feed of changes of health."""

import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from shopwire.scheduler.webhook import KIND, atom
from shopwire.storage.crawl_log.schedule import last_events
from shopwire.storage.database import Store
from shopwire.storage.schema.tables import PROCESS_DOWN

LOOPBACK = "127.0.0.1"
MOST_EVENTS = 100
ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})

LAG = """
SELECT round((julianday(:now) - julianday(last_article)) * 86400), source
FROM sources_health WHERE last_article IS NOT NULL
"""
KILLED = f"""
SELECT count(*) FROM fetches WHERE kind = 'page' AND (
    (outcome = 'timeout' AND status = 200)
    OR (outcome = 'bad_html' AND substr(reason, 1, {len(PROCESS_DOWN)}) = '{PROCESS_DOWN}')
)
"""
# Name, kind, help, and a query that gives a value and then a column for each label.
METRICS = (
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
        "Pages on which a worker was killed, or died, and was started anew.",
        KILLED,
    ),
    (
        "runs_total",
        "counter",
        "Crawls by outcome.",
        "SELECT count(*), coalesce(outcome, 'running') AS outcome FROM runs GROUP BY 2",
    ),
    (
        "source_lag_seconds",
        "gauge",
        "Time since the last new article of a source.",
        LAG,
    ),
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
)


def exposition(store: Store, now: datetime) -> str:
    """All metrics in Prometheus' text format 0.0.4."""
    lines: list[str] = []
    moment = {"now": now.astimezone(UTC).isoformat(timespec="seconds")}
    for name, kind, text, sql in METRICS:
        lines += [f"# HELP shopwire_{name} {text}", f"# TYPE shopwire_{name} {kind}"]
        for row in store.db.execute(sql, moment):
            labels = {key: row[key] for key in row.keys()[1:]}
            lines.append(f"shopwire_{name}{_labels(labels.items())} {row[0]!r}")
    return "\n".join(lines) + "\n"


def _labels(pairs: Iterable[tuple[str, Any]]) -> str:
    escaped = [f'{key}="{str(value).translate(ESCAPES)}"' for key, value in pairs]
    return f"{{{','.join(escaped)}}}" if escaped else ""


class Page(BaseHTTPRequestHandler):
    """Answers `/metrics` and `/health.atom`."""

    server: "MetricsServer"

    def do_GET(self) -> None:
        """Read the store and answer."""
        now = datetime.now(UTC)
        with Store(self.server.path) as store:
            if self.path == "/metrics":
                self._answer(exposition(store, now), "text/plain; version=0.0.4; charset=utf-8")
            elif self.path == "/health.atom":
                events = last_events(store, MOST_EVENTS, (KIND,))
                body = atom(events, self.server.path.stem, now)
                self._answer(body, "application/atom+xml; charset=utf-8")
            else:
                self.send_error(404)

    def _answer(self, text: str, content_type: str) -> None:
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base class has it
        """Nobody wants a line each time Prometheus looks."""


class MetricsServer(ThreadingHTTPServer):
    """Serves on loopback only; port 0 takes any free one."""

    daemon_threads = True

    def __init__(self, path: Path, port: int) -> None:
        """`path` is the store's. Raises `OSError` when the port is taken."""
        super().__init__((LOOPBACK, port), Page)
        self.path = path
        self.thread = threading.Thread(target=self.serve_forever, name="metrics", daemon=True)

    def start(self) -> None:
        """Serve on a thread."""
        self.thread.start()

    def stop(self) -> None:
        """End the thread and give the port back."""
        self.shutdown()
        self.thread.join()
        self.server_close()
