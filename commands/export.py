"""`shopwire export`: articles for other programs, in the formats they read."""

import csv
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TextIO

import click

from shopwire.commands.common.arguments import check_source
from shopwire.pipelines.article import COLUMNS
from shopwire.storage.database import Store
from shopwire.storage.export import Selection, select_articles
from shopwire.storage.paths import find_store

Rows = Iterable[dict[str, Any]]
# Opened by this name it would be cut off where a shell appends.
STANDARD_OUTPUT = Path("/dev/stdout")
DAY = click.DateTime(["%Y-%m-%d"])


def _list_columns() -> dict[str, str]:
    columns = {"id": "BIGINT"}
    for name, column in COLUMNS.items():
        if name == "published":
            columns["day"] = "DATE"
        if column.export_type:
            columns[name] = column.export_type
    return columns | {"canonical_id": "BIGINT", "story_id": "BIGINT"}


EXPORTED = _list_columns()
"""The columns of an export in their order, each with its SQL type."""


@click.command("export")
@click.option("--jsonl", "form", flag_value="jsonl", default=True, help="JSON lines (the default).")
@click.option("--csv", "form", flag_value="csv", help="CSV with a line of headings, UTF-8.")
@click.option("--parquet", "form", flag_value="parquet", help="Parquet; needs -o and DuckDB.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
@click.option("--since", type=DAY, metavar="DAY", help="Leave out what is dated earlier.")
@click.option("--until", type=DAY, metavar="DAY", help="Leave out what is dated later.")
@click.option("--source", "sources", multiple=True, metavar="NAME", help="Only of this source.")
@click.option(
    "--language",
    "languages",
    multiple=True,
    metavar="CODE",
    type=str.lower,
    help="Only in this one.",
)
@click.option("--search", "words", default="", metavar="WORDS", help="Only what has these words.")
@click.option("--copies", is_flag=True, help="Copies of other articles too.")
def command(
    form: str, output: Path | None, since: datetime | None, until: datetime | None, **options: Any
) -> None:
    """Write articles as JSON lines, CSV or Parquet, to FILE or to standard output.

    --source and --language may be given more than once. A file appears only when it is whole.
    """
    if output == STANDARD_OUTPUT:
        output = None
    if form == "parquet" and output is None:
        raise click.UsageError("a Parquet file cannot go to standard output: name one with -o FILE")
    choice = Selection(since=_day(since), until=_day(until), **options)
    with Store(find_store()) as store:
        for source in choice.sources:
            check_source(store, source)
        try:
            rows = select_articles(store, EXPORTED, choice)
        except ValueError as error:
            raise click.UsageError(str(error)) from error
        number = write(rows, form, output)
    click.echo(f"{number} articles", err=True)


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""


def write(rows: Rows, form: str, output: Path | None) -> int:
    """Write rows in a format, to a file or to standard output; gives their number."""
    if output is None:
        return WRITERS[form](rows, sys.stdout)
    try:
        return parquet(rows, output) if form == "parquet" else text(rows, form, output)
    except OSError as error:
        raise click.UsageError(f"cannot write {output}: {error.strerror}") from error


def text(rows: Rows, form: str, output: Path) -> int:
    """Write JSON lines or CSV; gives the number of rows."""
    with whole(output) as partial, partial.open("w", encoding="utf-8", newline="") as file:
        return WRITERS[form](rows, file)


def write_jsonl(rows: Rows, file: TextIO) -> int:
    """One JSON object a line; tags as a list."""
    number = 0
    for row in rows:
        number += 1
        line = json.dumps(row | {"tags": json.loads(row["tags"])}, ensure_ascii=False)
        file.write(f"{line}\n")
    return number


def write_csv(rows: Rows, file: TextIO) -> int:
    """A line of headings, then one row an article; tags as JSON."""
    writer = csv.DictWriter(file, list(EXPORTED), lineterminator="\n")
    writer.writeheader()
    number = 0
    for row in rows:
        number += 1
        writer.writerow(row)
    return number


WRITERS: dict[str, Callable[[Rows, TextIO], int]] = {"jsonl": write_jsonl, "csv": write_csv}


def parquet(rows: Rows, output: Path) -> int:
    """Write a Parquet file by way of JSON lines, which DuckDB turns into one; gives the number of rows."""
    try:
        duckdb = import_module("duckdb")
    except ImportError as error:
        raise click.UsageError("Parquet needs DuckDB: pip install 'shopwire[parquet]'") from error
    with (
        whole(output) as partial,
        # Room for a file is where the other one will lie, but not beside a pipe or a device.
        TemporaryDirectory(dir=None if partial == output else partial.parent) as folder,
    ):
        lines = Path(folder) / "articles.jsonl"
        number = text(rows, "jsonl", lines)
        with duckdb.connect() as connection:
            articles = connection.read_json(str(lines), columns=dict(EXPORTED), format="newline_delimited")
            articles.write_parquet(str(partial))
    return number


@contextmanager
def whole(output: Path) -> Iterator[Path]:
    """A path to write to, which becomes `output` when the block ends well and goes when it does not.

    What a link leads to takes its place; a pipe or a device is written to as it is.
    """
    if output.exists() and not output.is_file():
        yield output
        return
    output = Path(os.path.realpath(output))
    partial = output.with_name(f".{output.name}.partial")
    try:
        yield partial
        partial.replace(output)
    finally:
        partial.unlink(missing_ok=True)
