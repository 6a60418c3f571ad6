"""`shopwire status`: how each source is doing, and what one of them has been through."""

import json
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from shopwire.storage.home import store_path
from shopwire.storage.store import Store

SOURCES = """
SELECT source, status, evidence, since, last_success, last_article, next_due, due_why
FROM sources_health ORDER BY status IN ('ok', 'new', 'quiet'), source
"""
HISTORY = """
SELECT started, finished, coalesce(outcome, 'running') AS outcome, known,
       (SELECT count(*) FROM fetches
        WHERE run_id = runs.id AND outcome IN ('stored', 'updated', 'copy')) AS kept,
       coalesce(reason, '') AS reason
FROM runs WHERE source = ? ORDER BY id DESC LIMIT ?
"""


@click.command("status")
@click.option("--source", metavar="NAME", help="The history of one source.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def command(source: str | None, limit: int, as_json: bool) -> None:
    """Say how each source is doing, or what one of them has been through."""
    with Store(store_path()) as store:
        if source and not store.row("SELECT 1 FROM sources WHERE name = ?", source):
            raise click.UsageError(f"no source {source!r} in {store.path}")
        rows = store.rows(HISTORY, source, limit) if source else store.rows(SOURCES)
    found = [dict(row) for row in rows]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        Console().print(as_table(found, f"Runs of {source}" if source else "Sources"))


def as_table(rows: list[dict[str, Any]], title: str) -> Table:
    """Rows as a table whose columns are their keys."""
    table = Table(title=title, title_justify="left")
    for key in rows[0] if rows else ():
        table.add_column(key.replace("_", " "))
    for row in rows:
        table.add_row(*(str(value if value is not None else "") for value in row.values()))
    return table
