"""`shopwire export`: writes articles as JSON lines, CSV, Parquet or an Excel workbook."""

import csv
import errno
import json
import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TextIO

import click

from shopwire.commands.common.arguments import DateArgument, check_source
from shopwire.commands.common.exit_codes import get_exit_code
from shopwire.commands.common.whole_files import replace_when_complete
from shopwire.pipelines.article import COLUMNS
from shopwire.storage.database import open_to_read
from shopwire.storage.export import Selection, select_articles
from shopwire.storage.paths import find_store
from shopwire.storage.spreadsheets.workbook import write_workbook
from shopwire.storage.text.nouns import count_things

Rows = Iterable[dict[str, Any]]
# As a file name it would truncate a file that the shell appends to.
STANDARD_OUTPUT = (Path("/dev/stdout"), Path("-"))
SHOWN_IDS = 20
DAY = DateArgument(whole_day=True)


def _list_columns() -> dict[str, str]:
    columns = {"id": "BIGINT"}
    for name, column in COLUMNS.items():
        if name == "published":
            columns["day"] = "DATE"
        if column.export_type:
            columns[name] = column.export_type
    return columns | {"canonical_id": "BIGINT", "story_id": "BIGINT"}


EXPORTED = _list_columns()
"""The columns of an export in their order, with their SQL types."""


@click.command("export", context_settings={"show_default": False})
@click.option("--jsonl", is_flag=True, help="JSON lines (the default).")
@click.option(
    "--csv", "as_csv", is_flag=True, help="CSV for Excel: UTF-8 with byte order mark and a header line."
)
@click.option("--parquet", is_flag=True, help="Parquet; needs -o and DuckDB.")
@click.option(
    "--xlsx",
    is_flag=True,
    help="Excel workbook with dates and links; needs -o. Times are in UTC.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write to this file.",
)
@click.option("--since", type=DAY, metavar="DAY", help="Only articles of this day or later.")
@click.option("--until", type=DAY, metavar="DAY", help="Only articles of this day or earlier.")
@click.option("--source", "sources", multiple=True, metavar="NAME", help="Only articles of this source.")
@click.option(
    "--language",
    "languages",
    multiple=True,
    metavar="CODE",
    type=str.lower,
    help="Only articles in this language.",
)
@click.option("--search", "words", default="", metavar="WORDS", help="Only articles with these words.")
@click.option("--copies", is_flag=True, help="Include duplicates of other articles.")
def export_articles(
    jsonl: bool,
    as_csv: bool,
    parquet: bool,
    xlsx: bool,
    output: Path | None,
    since: str | None,
    until: str | None,
    **options: Any,
) -> None:
    """Write articles as JSON lines, CSV, Parquet or an Excel workbook, to FILE or to standard output.

    --source and --language may be given more than once. FILE is created or replaced only when it is
    complete. Articles whose stored values have changed on the disk are left out and named. Exit code 0: all
    were written, 1: none, 3: some were left out.
    """
    asked = {"jsonl": jsonl, "csv": as_csv, "parquet": parquet, "xlsx": xlsx}
    forms = [name for name, chosen in asked.items() if chosen]
    if len(forms) > 1:
        raise click.UsageError(f"choose one format, not {' and '.join(forms)}")
    form = forms[0] if forms else "jsonl"
    if output in STANDARD_OUTPUT:
        output = None
    if form in FILE_WRITERS and output is None:
        raise click.UsageError(f"cannot write --{form} to standard output: use -o FILE")
    choice = Selection(since=since or "", until=until or "", **options)
    with open_to_read(find_store()) as store:
        for source in choice.sources:
            check_source(store, source)
        damaged: list[int] = []
        try:
            rows = select_articles(store, EXPORTED, choice, damaged)
        except ValueError as error:
            raise click.UsageError(str(error)) from error
        number = write_export(rows, form, output)
    click.echo(count_things(number, "article"), err=True)
    if damaged:
        ids = ", ".join(map(str, damaged[:SHOWN_IDS]))
        click.echo(
            f"shopwire: left out {count_things(len(damaged), 'article')} that the disk has changed ({ids}); "
            "see `shopwire check`",
            err=True,
        )
    sys.exit(get_exit_code(number, len(damaged)))


def write_export(rows: Rows, form: str, output: Path | None) -> int:
    """Write rows in a format to a file, or to standard output. Return their number.

    Raises `click.UsageError` if the file cannot be written.
    """
    if output is None:
        if isinstance(sys.stdout, TextIOWrapper):
            # The encoding of a terminal must not change the data.
            sys.stdout.reconfigure(encoding="utf-8")
        return WRITERS[form](rows, sys.stdout)
    try:
        return (
            FILE_WRITERS[form](rows, output) if form in FILE_WRITERS else write_text_file(rows, form, output)
        )
    except OSError as error:
        raise click.UsageError(f"cannot write {output}: {error.strerror}") from error


def write_text_file(rows: Rows, form: str, output: Path) -> int:
    """Write a file of JSON lines or CSV. Return the number of rows."""
    with replace_when_complete(output) as partial, partial.open("w", encoding="utf-8", newline="") as file:
        return WRITERS[form](rows, file)


def write_jsonl(rows: Rows, file: TextIO) -> int:
    """Write one JSON object a line, with tags as an array. Return the number of rows."""
    number = 0
    for row in rows:
        number += 1
        line = json.dumps(row | {"tags": json.loads(row["tags"])}, ensure_ascii=False)
        file.write(f"{line}\n")
    return number


def write_csv(rows: Rows, file: TextIO) -> int:
    """Write a header line and one row an article, with tags as JSON. Return the number of rows.

    It begins with a byte order mark: without it Excel takes the file for the charset of the system.
    """
    file.write("\ufeff")
    writer = csv.DictWriter(file, list(EXPORTED), lineterminator="\n")
    writer.writeheader()
    number = 0
    for row in rows:
        number += 1
        writer.writerow(row)
    return number


WRITERS: dict[str, Callable[[Rows, TextIO], int]] = {"jsonl": write_jsonl, "csv": write_csv}


def write_parquet(rows: Rows, output: Path) -> int:
    """Write JSON lines to a temporary file, and convert it to Parquet with DuckDB. Return the number of rows.

    Raises `click.UsageError` without DuckDB, `OSError` if the file cannot be written.
    """
    try:
        duckdb = import_module("duckdb")
    except ImportError as error:
        raise click.UsageError("Parquet needs DuckDB: pip install 'shopwire[parquet]'") from error
    with (
        replace_when_complete(output) as partial,
        # The folder of the output has space for a file, unless the output is a pipe or a device.
        TemporaryDirectory(dir=None if partial == output else partial.parent) as folder,
    ):
        lines = Path(folder) / "articles.jsonl"
        number = write_text_file(rows, "jsonl", lines)
        with duckdb.connect() as connection:
            articles = connection.read_json(str(lines), columns=dict(EXPORTED), format="newline_delimited")
            try:
                articles.write_parquet(str(partial))
            except duckdb.IOException as error:
                raise OSError(errno.EIO, " ".join(str(error).split())) from error
    return number


def write_xlsx(rows: Rows, output: Path) -> int:
    """Write an Excel workbook, with tags joined by commas. Return the number of rows."""
    readable = (row | {"tags": ", ".join(json.loads(row["tags"]))} for row in rows)
    with replace_when_complete(output) as partial, partial.open("wb") as file:
        return write_workbook(file, list(EXPORTED), (list(row.values()) for row in readable))


FILE_WRITERS: dict[str, Callable[[Rows, Path], int]] = {"parquet": write_parquet, "xlsx": write_xlsx}
