"""Systemd, webhooks and Prometheus are notified."""

import json
import shutil
import socket
import sqlite3
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.parser import text_string_to_metric_families

from shopwire.scheduler.jobs import NETWORK, SteadyTrigger, build_scheduler, open_job_store
from shopwire.scheduler.metrics import METRICS, Metrics, StoreCollector, serve_metrics
from shopwire.scheduler.process import notify
from shopwire.scheduler.webhook import Webhook
from shopwire.storage.crawl_log.events import record_health
from shopwire.storage.crawl_log.fetches import record_fetch
from shopwire.storage.crawl_log.outcomes import WORKER_CRASHED
from shopwire.storage.crawl_log.runs import begin_run, finish_run
from shopwire.storage.database import Store
from shopwire.storage.timestamps import format_now

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
UNIT = Path(__file__).parent.parent.parent / "deploy" / "shopwire.service"


def fall_ill(store: Store, *statuses: str) -> None:
    for status in statuses:
        with store.writing():
            record_health(store, "blog", NOW, status, 'the server said <no> & "never"')


def test_without_a_service_manager_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    assert notify("READY=1") is False


@pytest.mark.parametrize("abstract", [False, True])
def test_the_service_manager_hears_what_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, abstract: bool
) -> None:
    name = f"@shopwire-test-{tmp_path.name}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(name.replace("@", "\0", 1) if abstract else name)
        manager.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", name)
        assert notify("WATCHDOG=1") is True
        assert manager.recv(100) == b"WATCHDOG=1"


def test_a_service_manager_that_does_not_listen_holds_nothing_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))
    assert notify("WATCHDOG=1") is False
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "gone"))
        taken = [notify("WATCHDOG=1") for _ in range(2000)]
    assert taken[0] is True
    assert taken[-1] is False


def test_the_unit_says_how_the_daemon_is_watched_and_ended() -> None:
    lines = set(UNIT.read_text(encoding="utf-8").splitlines())
    # Without the last, systemd stops the daemon for one worker that was out of memory.
    assert {"Type=notify", "WatchdogSec=60", "KillMode=mixed", "OOMPolicy=continue"} <= lines


def test_the_unit_is_one_that_systemd_takes(tmp_path: Path) -> None:
    text = UNIT.read_text(encoding="utf-8")
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed")
    unit = tmp_path / UNIT.name
    unit.write_text(text.replace("/opt/shopwire/bin/shopwire", "/bin/true"), encoding="utf-8")
    done = subprocess.run([analyze, "verify", "--man=no", unit], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


# Stands for an answer that is none in HTTP.
NO_HTTP = 0


class Listener(HTTPServer):
    """Takes posts, or refuses them."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Ear)
        self.heard: list[dict[str, Any]] = []
        self.status = 204
        self.asked = 0


class Ear(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked += 1
        if self.server.status == NO_HTTP:
            self.wfile.write(b"220 mail.example ready\r\n")
            return
        if self.server.status < 300:
            self.server.heard.append(json.loads(body))
        self.send_response(self.server.status)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base class has it
        pass


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as opened:
        thread = threading.Thread(target=opened.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield opened
        opened.shutdown()
        thread.join()


def hook_of(store: Store, listener: Listener) -> Webhook:
    return Webhook(f"http://127.0.0.1:{listener.server_port}/s3cr3t", threading.Event())


def wait_for(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_webhook_hears_each_change_once_and_in_order(store: Store, listener: Listener) -> None:
    hook = hook_of(store, listener)
    fall_ill(store, "ok")
    hook.subscribe(store)
    assert hook.deliver(store) == 0, "what was before it began is not told"
    fall_ill(store, "ok", "blocked", "dead")
    hook.subscribe(store)
    assert hook.deliver(store) == 2
    assert hook.deliver(store) == 0
    assert [event["text"].partition(":")[0] for event in listener.heard] == [
        "ok → blocked",
        "blocked → dead",
    ]
    assert {"id", "at", "source", "kind"} < set(listener.heard[0])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 404, 500])
def test_what_a_webhook_refuses_is_told_again(store: Store, listener: Listener, status: int) -> None:
    hook = hook_of(store, listener)
    hook.subscribe(store)
    fall_ill(store, "blocked")
    listener.status = status
    with pytest.raises(OSError, match=str(status)):
        hook.deliver(store)
    listener.status = 200
    assert hook.deliver(store) == 1


@pytest.mark.parametrize("status", [503, NO_HTTP])
def test_a_job_delivers_until_it_is_stopped_and_logs_a_failure_once(
    store: Store, listener: Listener, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    hook, scheduler = hook_of(store, listener), build_scheduler()
    listener.status = status
    hook.subscribe(store)
    fall_ill(store, "blocked")
    with open_job_store(store.path) as own:
        scheduler.add_job(hook.run, SteadyTrigger(0.02), [own], executor=NETWORK)
        scheduler.start()
        wait_for(lambda: listener.asked > 2)
        listener.status = 200
        wait_for(lambda: bool(listener.heard))
        scheduler.shutdown()
    assert [event["source"] for event in listener.heard] == ["blog"]
    assert caplog.text.count("webhook: HTTPError") == (status == 503)
    assert caplog.text.count("trying again") == 1
    assert "s3cr3t" not in caplog.text


def test_a_hook_that_is_stopped_posts_nothing_more(store: Store, listener: Listener) -> None:
    hook = hook_of(store, listener)
    hook.subscribe(store)
    fall_ill(store, "blocked")
    hook.stopping.set()
    assert hook.deliver(store) == 0
    hook.stopping.clear()
    assert hook.deliver(store) == 1


def test_an_event_that_could_not_be_marked_is_not_posted_again(store: Store, listener: Listener) -> None:
    hook = hook_of(store, listener)
    hook.subscribe(store)
    fall_ill(store, "blocked", "dead")
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with store.without_waiting(), pytest.raises(sqlite3.OperationalError, match="locked"):
            hook.deliver(store)
        other.execute("ROLLBACK")
    assert hook.deliver(store) == 1
    assert [event["text"].partition(":")[0] for event in listener.heard] == [
        "new → blocked",
        "blocked → dead",
    ]


def test_no_address_of_a_webhook_is_stored(store: Store, listener: Listener) -> None:
    hook = hook_of(store, listener)
    hook.subscribe(store)
    fall_ill(store, "blocked")
    assert hook.deliver(store) == 1
    files = store.path.parent.glob(f"{store.path.name}*")
    assert all(b"s3cr3t" not in file.read_bytes() for file in files)


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "hooks.example/services",
        "http://",
        "https:///services",
        "http://[::1/",
        "http://hooks.example:port/",
        "http://hooks.example:99999/",
        "http://hooks.example/a b",
        "http://hooks.example/a\n",
        "http://hooks.example/ä",
        "https://user:word@hooks.example/",
    ],
)
def test_a_webhook_is_an_http_address_with_a_host(store: Store, address: str) -> None:
    with pytest.raises(ValueError, match="http or https"):
        Webhook(address, threading.Event())


def scrape(store: Store, metrics: Metrics = METRICS) -> dict[str, Metric]:
    """What a scrape of the metrics gives, by the name of the metric."""
    registry = CollectorRegistry()
    registry.register(StoreCollector(store.path, metrics))
    text = generate_latest(registry).decode()
    return {metric.name: metric for metric in text_string_to_metric_families(text)}


def read_samples(store: Store, metrics: Metrics = METRICS) -> dict[str, list[tuple[Any, float]]]:
    found: dict[str, list[tuple[Any, float]]] = {}
    for metric in scrape(store, metrics).values():
        for sample in metric.samples:
            found.setdefault(sample.name, []).append((sample.labels, sample.value))
    return found


def test_metrics_are_counted_from_the_store(store: Store) -> None:
    fall_ill(store, "blocked")
    found = scrape(store)
    assert found["shopwire_articles"].type == "gauge"
    assert found["shopwire_fetches"].type == "counter"
    samples = read_samples(store)
    assert samples["shopwire_articles"] == [({}, 0)]
    labels = {"source": "blog", "status": "blocked"}
    assert samples["shopwire_source_status"] == [(labels, 1)]


def test_metrics_have_the_names_that_they_always_had(store: Store) -> None:
    crawl_once(store)
    assert {(name, *labels) for name, one in read_samples(store).items() for labels, _ in one} == {
        ("shopwire_articles",),
        ("shopwire_fetches_total", "outcome"),
        ("shopwire_pages_killed_total",),
        ("shopwire_runs_total", "outcome"),
        ("shopwire_source_lag_seconds", "source"),
        ("shopwire_source_status", "source", "status"),
        ("shopwire_sources_due",),
        ("shopwire_crawls_running",),
        ("shopwire_disk_bytes", "part"),
    }


def crawl_once(store: Store) -> None:
    run = begin_run(store, "blog")
    page = {"source": "blog", "kind": "page", "url": "https://blog.example/1", "at": format_now()}
    with store.writing():
        record_fetch(store, {**page, "run_id": run, "outcome": "stored", "reason": "new"})
    finish_run(store, run, 0, "finished")


def test_workers_that_were_killed_and_that_died_are_counted(store: Store) -> None:
    page = {"source": "blog", "kind": "page", "url": "https://blog.example/1", "at": format_now()}
    came_to = [
        ("timeout", "parsing took longer than 20 s and was stopped", 200),
        ("bad_html", f"{WORKER_CRASHED} (out of memory)", 200),
        ("bad_html", "nothing in it", 200),
        ("timeout", "no answer", None),
        ("stored", "new", 200),
    ]
    with store.writing():
        for outcome, reason, status in came_to:
            record_fetch(store, {**page, "outcome": outcome, "reason": reason, "status": status})
    samples = read_samples(store)
    assert samples["shopwire_pages_killed_total"] == [({}, 2)]
    assert [value for _, value in samples["shopwire_fetches_total"]] == [2, 1, 2]


def test_metrics_have_all_their_digits(store: Store) -> None:
    large = ("large_total", "counter", "Large.", "SELECT 123456789012345")
    exact = ("exact", "gauge", "Exact.", "SELECT 1234567.25")
    samples = read_samples(store, (large, exact))
    del samples["shopwire_disk_bytes"]
    assert samples == {
        "shopwire_large_total": [({}, 123456789012345)],
        "shopwire_exact": [({}, 1234567.25)],
    }


def test_metrics_are_served_on_loopback_as_of_each_scrape(store: Store) -> None:
    with serve_metrics(store.path, 0) as port:
        for statuses in ((), ("blocked",)):
            fall_ill(store, *statuses)
            status = statuses[-1] if statuses else "new"
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
                text = answer.read().decode()
            assert f'shopwire_source_status{{source="blog",status="{status}"}} 1.0\n' in text
            assert all(line.startswith(("#", "shopwire_")) for line in text.splitlines())


def test_a_taken_port_is_an_error_that_says_so(store: Store) -> None:
    with (
        serve_metrics(store.path, 0) as port,
        pytest.raises(OSError, match="Address already in use"),
        serve_metrics(store.path, port),
    ):
        pass
