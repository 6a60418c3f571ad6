"""`shopwire source`: lists the sources, or crawls one without storing anything."""

import json
import os
import sys
import tempfile

import click
from rich.box import SIMPLE_HEAD
from rich.table import Column, Table

from shopwire.commands.common.exit_codes import ALL_FAILED
from shopwire.commands.common.source_registry import find_sources, load_settings, load_sources
from shopwire.commands.common.terminal import Terminal
from shopwire.commands.crawl import get_run_exit_code, run_crawls
from shopwire.storage.database import Store
from shopwire.storage.paths import HOME_VARIABLE, get_store_path

# If one of these is missing, the source or the extraction may be wrong.
CHECKED_FIELDS = ("title", "published", "author", "language", "text")
LONGEST_SHOWN = 100


@click.group("source")
def manage_sources() -> None:
    """List the sources, or test one."""


@manage_sources.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines instead of a table.")
def list_sources(as_json: bool) -> None:
    """List all declared sources."""
    # Without lines between the columns, names and URLs fit into 80 characters.
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("name", "title", "lang", "read from", "home"):
        table.add_column(heading, overflow="fold", no_wrap=heading != "title")
    for name, source in load_sources().items():
        kind = source.__mro__[1].__name__.removesuffix("Source").lower()
        row = (name, source.title, source.language, kind, source.home)
        if as_json:
            names = ("name", "title", "language", "kind", "home")
            click.echo(json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False))
        else:
            table.add_row(*row[:-1], source.home.partition("://")[2].rstrip("/"))
    if not as_json:
        Terminal().print(table)


@manage_sources.command("test")
@click.argument("name")
@click.option("--limit", type=click.IntRange(1), default=3, help="Pages to fetch.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
def test_source(name: str, limit: int, as_json: bool) -> None:
    """Crawl a few pages of source NAME, and show requests and articles. Nothing is stored.

    Exit code 0: all succeeded, 1: no article, 3: some requests failed.
    """
    find_sources([name])
    with tempfile.TemporaryDirectory(prefix="shopwire-") as folder:
        os.environ[HOME_VARIABLE] = folder
        arguments = {"since": "", "limit": str(limit)}
        reports, _ = run_crawls([name], arguments, load_settings({"LOG_LEVEL": "ERROR"}), progress=False)
        with Store(get_store_path()) as store:
            attempts = [dict(row) for row in store.rows("SELECT * FROM fetches ORDER BY id")]
            articles = [dict(row) for row in store.rows("SELECT * FROM articles ORDER BY id")]
    if as_json:
        click.echo(json.dumps({"attempts": attempts, "articles": articles}, ensure_ascii=False))
    else:
        print_test(Terminal(), attempts, articles)
    sys.exit(get_run_exit_code(reports) if articles else ALL_FAILED)


def print_test(
    console: Terminal, attempts: list[dict[str, object]], articles: list[dict[str, object]]
) -> None:
    """Print the result of each request, and the fields of each article."""
    # Fold: a truncated URL cannot be opened.
    table = Table(
        Column("request", overflow="fold"),
        "outcome",
        "reason",
        box=SIMPLE_HEAD,
        pad_edge=False,
        title="Requests",
        title_justify="left",
    )
    for row in attempts:
        table.add_row(f"{row['kind']} {row['url']}", str(row["outcome"]), str(row["reason"]))
    console.print(table)
    for row in articles:
        console.rule(str(row["url"]), align="left")
        for field in CHECKED_FIELDS:
            value = str(row[field] or "")
            shown = (
                value
                if len(value) <= LONGEST_SHOWN
                else f"{value[:LONGEST_SHOWN]}… ({len(value)} characters)"
            )
            console.print(f"{field:>10}  {shown or '(missing)'}")
    if not articles:
        console.print("No article was extracted.")
