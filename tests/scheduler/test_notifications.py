"""Systemd and Prometheus are notified."""

import shutil
import socket
import subprocess
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.parser import text_string_to_metric_families

from shopwire.scheduler.metrics import METRICS, Metrics, StoreCollector, serve_metrics
from shopwire.scheduler.process import notify
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
