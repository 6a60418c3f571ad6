"""Sources and their runs: what was crawled when, and how each run ended."""

import os
from collections import Counter
from datetime import datetime, timedelta

from shopwire.storage.crawl_log.outcomes import FAILED, HOST_NOT_FOUND, LISTS_READ
from shopwire.storage.crawl_log.schedule import LOST
from shopwire.storage.database import Store
from shopwire.storage.timestamps import format_now, format_time

# Reasons for the end of a run: nothing was left to request, or the wanted number of new pages was reached.
FINISHED = "finished"
LIMITED = "limit"
# The reason that Scrapy gives for the end of a crawl that was told to stop.
SHUTDOWN = "shutdown"
# How long an answer shows that the network works.
OFFLINE_WINDOW = timedelta(hours=1)


def declare_source(store: Store, name: str, title: str, home: str, language: str) -> None:
    """Store the declaration of a source, new or changed. Call inside `store.writing()`."""
    store.db.execute(
        "INSERT INTO sources (name, title, home, language, first_crawled) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (name) DO UPDATE SET title = excluded.title, home = excluded.home, "
        "language = excluded.language",
        [name, title, home, language, format_now()],
    )


def declare_host(store: Store, name: str, url: str, language: str) -> None:
    """Store an undeclared source, with the host of an article's `url` as its home. Call inside
    `store.writing()`."""
    if store.row("SELECT 1 FROM sources WHERE name = ?", name) is None:
        home = "/".join(url.split("/", 3)[:3]) + "/"
        declare_source(store, name, name, home, language)


def begin_run(store: Store, source: str) -> int:
    """Open a run of a declared source and return its id. Close the runs of it whose process was killed."""
    with store.writing():
        close_dead_runs(store, source)
        return store.insert("runs", {"source": source, "started": format_now(), "pid": os.getpid()})


def close_dead_runs(store: Store, source: str) -> None:
    """Close the runs of a source whose process is gone. Call inside `store.writing()`."""
    rows = store.rows("SELECT id, pid FROM runs WHERE source = ? AND finished IS NULL", source)
    for run, pid in rows:
        if not is_alive(pid):
            store.db.execute(
                "UPDATE runs SET finished = ?, outcome = 'interrupted', reason = ? WHERE id = ?",
                [format_now(), LOST, run],
            )


def close_all_dead_runs(store: Store) -> None:
    """Close the runs of all sources whose process is gone."""
    with store.writing():
        for row in store.rows("SELECT DISTINCT source FROM runs WHERE finished IS NULL"):
            close_dead_runs(store, row["source"])


def close_own_runs(store: Store) -> None:
    """Close the runs that this process has begun and that did not end, because it was told to stop while
    they began."""
    with store.writing():
        store.db.execute(
            "UPDATE runs SET finished = ?, outcome = 'interrupted', reason = ? "
            "WHERE finished IS NULL AND pid = ?",
            [format_now(), SHUTDOWN, os.getpid()],
        )


def count_lost_sources(store: Store, since: datetime, until: datetime) -> int:
    """Return how many sources could not be found between two times; 0 if any source was answered, as then it
    is not the network that fails."""
    answered, lost = store.db.execute(
        "SELECT count(status), count(DISTINCT CASE WHEN instr(reason, ?) THEN source END) "
        "FROM fetches WHERE at BETWEEN ? AND ? AND run_id IS NOT NULL",
        [HOST_NOT_FOUND, format_time(since), format_time(until)],
    ).fetchone()
    return 0 if answered else int(lost)


def is_alive(pid: int) -> bool:
    """Return whether a process of this number exists, whoever owns it."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def is_last_run_complete(store: Store, source: str) -> bool:
    """Return whether the last run of a source ended with nothing left to request; True if it has none."""
    row = store.row("SELECT outcome, reason FROM runs WHERE source = ? ORDER BY id DESC LIMIT 1", source)
    return row is None or tuple(row) == ("ok", FINISHED)


def has_runs(store: Store, source: str) -> bool:
    """Return whether a source was ever crawled."""
    return store.row("SELECT 1 FROM runs WHERE source = ? LIMIT 1", source) is not None


def finish_run(store: Store, run: int, known: int, reason: str) -> None:
    """Close a run: `known` links needed no download, `reason` is why the crawl ended.

    The run has failed if no list was read. It is partial if some list was not read or most pages have
    failed: a single failed page has its own row and is requested again.
    """
    outcome = _assess_run(store, run) if reason in (FINISHED, LIMITED) else "interrupted"
    with store.writing():
        store.db.execute(
            "UPDATE runs SET finished = ?, outcome = ?, reason = ?, known = ? WHERE id = ?",
            [format_now(), outcome, reason, known, run],
        )


def _assess_run(store: Store, run: int) -> str:
    count: Counter[tuple[str, bool]] = Counter()
    for kind, outcome in store.rows("SELECT kind, outcome FROM fetches WHERE run_id = ?", run):
        if kind == "page":
            count["page", outcome in FAILED] += 1
        else:
            count["list", outcome not in LISTS_READ] += 1
    if count["list", True] and not count["list", False]:
        return "failed"
    partly = count["list", True] or count["page", True] > count["page", False]
    return "partial" if partly else "ok"
