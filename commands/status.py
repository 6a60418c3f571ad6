"""`shopwire status`: how each source is doing, and what one of them has been through."""

import json
import sqlite3
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click
from rich.table import Table

from shopwire.commands.common.arguments import check_source
from shopwire.commands.common.terminal import Terminal
from shopwire.scheduler.health import Verdict
from shopwire.scheduler.source_stats import note_verdicts
from shopwire.storage.crawl_log.events import list_newest_events, read_heartbeat_age
from shopwire.storage.crawl_log.timestamps import format_time
from shopwire.storage.database import Store
from shopwire.storage.paths import existing_store, store_path

# The daemon gives a sign of life every ten seconds; a store locked for a minute may hold it up.
ALIVE_SECONDS = 90.0
NOT_ALIVE = 1
STYLES = {"ok": "green", "quiet": "yellow", "slow": "yellow", "new": "dim"}
UNTROUBLED = ("ok", "new")

SOURCES = """
SELECT source, status, evidence, since, last_success, last_article, next_due, due_why
FROM sources_health ORDER BY source
"""
HISTORY = """
SELECT started, finished, coalesce(outcome, 'running') AS outcome,
       (SELECT count(*) FROM fetches
        WHERE run_id = runs.id AND outcome IN ('stored', 'updated', 'copy')) AS kept,
       known, coalesce(reason, '') AS reason
FROM runs WHERE source = ? ORDER BY id DESC LIMIT ?
"""


@click.command("status")
@click.option("--source", metavar="NAME", help="The history of one source.")
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=20,
    show_default=True,
    help="Runs and events of the history.",
)
@click.option(
    "--alive", is_flag=True, help="Only say whether a daemon is at work: exit code 0 or 1."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
def command(source: str | None, *, limit: int, alive: bool, as_json: bool) -> None:
    """Say how each source is doing and why, or what one of them has been through."""
    now = datetime.now(UTC)
    if alive and not store_path().exists():
        sys.exit(NOT_ALIVE)
    with Store(existing_store()) as store:
        beat = read_heartbeat_age(store, now)
        if alive:
            sys.exit(0 if beat is not None and beat < ALIVE_SECONDS else NOT_ALIVE)
        if source:
            check_source(store, source)
        found = history(store, source, limit) if source else {"sources": overview(store, now)}
    if as_json:
        click.echo(json.dumps({"daemon_seen_seconds_ago": beat, **found}, ensure_ascii=False))
        return
    console = Terminal()
    for title, rows in found.items():
        console.print(as_table(rows, title))
    seen = "no daemon is at work" if beat is None else f"the daemon was seen {beat:.0f} s ago"
    console.print(seen, style="dim")


def overview(store: Store, now: datetime) -> list[dict[str, Any]]:
    """A row for each source, judged as of now: the troubled ones first."""
    verdicts = note_verdicts(store, now)
    rows = [_judged(row, verdicts.get(row["source"]), now) for row in store.rows(SOURCES)]
    return sorted(rows, key=lambda row: row["status"] in UNTROUBLED)


def _judged(row: sqlite3.Row, verdict: Verdict | None, now: datetime) -> dict[str, Any]:
    """A row with the verdict of now, be that kept or not."""
    if verdict is None:
        return dict(row)
    since = row["since"] if row["status"] == verdict.status else format_time(now)
    return {**row, **asdict(verdict), "since": since}


def history(store: Store, source: str, limit: int) -> dict[str, list[dict[str, Any]]]:
    """The last runs of a source, and what was said of it."""
    events = [
        {"at": event["at"], "kind": event["kind"], "text": event["text"]}
        for event in list_newest_events(store, limit, source=source)
    ]
    return {"runs": [dict(row) for row in store.rows(HISTORY, source, limit)], "events": events}


def as_table(rows: list[dict[str, Any]], title: str) -> Table:
    """Rows as a table whose columns are their keys; times to the minute."""
    table = Table(title=title, title_justify="left")
    shown = [
        key for key in (rows[0] if rows else ()) if key not in ("since", "last_success", "due_why")
    ]
    for key in shown:
        table.add_column(key.replace("_", " "), overflow="fold")
    for row in rows:
        cells = [_cell(row[key]) for key in shown]
        style = STYLES.get(row["status"], "red") if "status" in row else None
        table.add_row(*cells, style=style)
    return table


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = str(value)
    # 2026-11-22T08:00:00+00:00
    return f"{text[5:10]} {text[11:16]}" if len(text) == 25 and text[10] == "T" else text
