"""`shopwire status`: the health of each source, or the history of one."""

import json
import sqlite3
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click
from rich.table import Table

from shopwire.commands.common.arguments import COUNT, check_source
from shopwire.commands.common.terminal import Terminal
from shopwire.scheduler.health import HealthStatus
from shopwire.scheduler.store_health import assess_all_sources
from shopwire.storage.crawl_log.events import list_newest_events, read_heartbeat_age
from shopwire.storage.crawl_log.outcomes import IN_STORE, Outcome, format_sql_list
from shopwire.storage.database import Store, open_to_read
from shopwire.storage.maintenance.check import NO_PROBLEMS
from shopwire.storage.maintenance.sizes import measure_sizes
from shopwire.storage.maintenance.upkeep import CHECK, find_last_event
from shopwire.storage.paths import find_store, get_archive_folder, get_store_path
from shopwire.storage.timestamps import format_time

# The daemon records a heartbeat every ten seconds; a store locked for a minute may delay it.
ALIVE_SECONDS = 90.0
NOT_ALIVE = 1
STYLES = {"ok": "green", "quiet": "yellow", "slow": "yellow", "new": "dim"}
HEALTHY = ("ok", "new")

SOURCES = """
SELECT source, status, evidence, since, last_success, last_article, next_due, due_why
FROM sources_health ORDER BY source
"""
HISTORY = f"""
SELECT started, finished, coalesce(outcome, 'running') AS outcome,
       (SELECT count(*) FROM fetches
        WHERE run_id = runs.id AND outcome IN {format_sql_list(IN_STORE - {Outcome.KNOWN})}) AS kept,
       known, coalesce(reason, '') AS reason
FROM runs WHERE source = ? ORDER BY id DESC LIMIT ?
"""


@click.command("status")
@click.option("--source", metavar="NAME", help="Show the history of one source.")
@click.option("--limit", type=COUNT, default=20, help="Runs and events to show.")
@click.option("--alive", is_flag=True, help="Only check whether a daemon is running: exit code 0 or 1.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
def show_status(source: str | None, *, limit: int, alive: bool, as_json: bool) -> None:
    """Show the health of each source and why, or the history of one."""
    now = datetime.now(UTC)
    if alive and not get_store_path().exists():
        sys.exit(NOT_ALIVE)
    with open_to_read(find_store()) as store:
        age = read_heartbeat_age(store, now)
        if alive:
            sys.exit(0 if age is not None and age < ALIVE_SECONDS else NOT_ALIVE)
        if source:
            check_source(store, source)
            found = read_source_history(store, source, limit)
        else:
            found = {"sources": list_source_health(store, now)}
        last_check = find_last_event(store, CHECK)
    sizes = measure_sizes(get_store_path(), get_archive_folder())
    if as_json:
        check = {"at": format_time(last_check[0]), "result": last_check[1]} if last_check else None
        more = {"daemon_seen_seconds_ago": age, "check": check, "bytes": sizes}
        click.echo(json.dumps({**more, **found}, ensure_ascii=False))
        return
    console = Terminal()
    for title, rows in found.items():
        console.print(build_table(rows, title))
    heartbeat = f"last heartbeat {age:.0f} s ago" if age is not None else "no daemon is running"
    console.print(heartbeat, style="dim")
    amounts = ", ".join(f"{name} {size / 1e6:,.0f} MB" for name, size in sizes.items())
    console.print(f"disk: {amounts}", style="dim")
    if last_check:
        at, result = last_check
        style = "dim" if result == NO_PROBLEMS else "red"
        console.print(f"last check on {at:%Y-%m-%d}: {result}", style=style)


def list_source_health(store: Store, now: datetime) -> list[dict[str, Any]]:
    """Return a row for each source with its health as of now, unhealthy ones first."""
    found = assess_all_sources(store, now)
    rows = [_build_row(row, found.get(row["source"]), now) for row in store.rows(SOURCES)]
    return sorted(rows, key=lambda row: row["status"] in HEALTHY)


def _build_row(row: sqlite3.Row, health: HealthStatus | None, now: datetime) -> dict[str, Any]:
    """Return a row with the health as of now, which is perhaps not the stored one."""
    if health is None:
        return dict(row)
    since = row["since"] if row["status"] == health.status else format_time(now)
    return {**row, **asdict(health), "since": since}


def read_source_history(store: Store, source: str, limit: int) -> dict[str, list[dict[str, Any]]]:
    """Return the last runs of a source, and its events."""
    events = [
        {"at": event["at"], "kind": event["kind"], "text": event["text"]}
        for event in list_newest_events(store, limit, source=source)
    ]
    return {"runs": [dict(row) for row in store.rows(HISTORY, source, limit)], "events": events}


def build_table(rows: list[dict[str, Any]], title: str) -> Table:
    """Return rows as a table whose columns are their keys; times to the minute."""
    table = Table(title=title, title_justify="left")
    shown = [key for key in (rows[0] if rows else ()) if key not in ("since", "last_success", "due_why")]
    for key in shown:
        table.add_column(key.replace("_", " "), overflow="fold")
    for row in rows:
        cells = [_format_cell(row[key]) for key in shown]
        style = STYLES.get(row["status"], "red") if "status" in row else None
        table.add_row(*cells, style=style)
    return table


def _format_cell(value: object) -> str:
    if value is None:
        return ""
    text = str(value)
    # 2026-11-22T08:00:00+00:00
    return f"{text[5:10]} {text[11:16]}" if len(text) == 25 and text[10] == "T" else text
