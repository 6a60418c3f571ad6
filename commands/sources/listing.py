"""`shopwire source list`: the declared sources by region and topic."""

import json
from collections.abc import Iterable
from itertools import groupby

import click
from rich.box import SIMPLE_HEAD
from rich.table import Table

from shopwire.commands.common.source_registry import KINDS, get_kind, get_loader, load_sources
from shopwire.commands.common.terminal import Terminal
from shopwire.spiders.base import TOPICS, Source
from shopwire.spiders.user_sources.loader import SourceLoader

OFF, OWN, CHANGED, INVALID = "off", "own", "changed", "invalid"


@click.command("list")
@click.option("--language", help="Only sources in this language, such as zh.")
@click.option("--region", help="Only sources of this region, such as CN, US, EU, SEA or LATAM.")
@click.option(
    "--kind",
    type=click.Choice([*TOPICS, *KINDS]),
    help="Only sources that write about this topic, or are read from this.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines instead of tables.")
def list_sources(language: str | None, region: str | None, kind: str | None, as_json: bool) -> None:
    """List all declared sources, by region and topic.

    A source that is `off` is crawled only by name; `own` ones are in your sources.toml, `changed` ones are
    shipped and changed there, `invalid` ones have an error there and are not crawled.
    """
    loader = get_loader()
    # As `zh-TW` and `ZH`: sources have the code of two letters only.
    code = language.lower().partition("-")[0] if language else None
    rows = [
        describe_source(source, loader)
        for source in load_sources(loader).values()
        if code in (None, source.language)
        and (region is None or region.upper() == source.region.upper())
        and kind in (None, source.topic, get_kind(source))
    ]
    if not (language or region or kind):
        names = dict.fromkeys(problem.table for problem in loader.problems if problem.table)
        rows += [{"name": name, "status": INVALID} for name in names if name not in loader.own]
    if as_json:
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
    else:
        print_sources(Terminal(), rows)


def describe_source(source: type[Source], loader: SourceLoader) -> dict[str, str]:
    """Return the row of a source."""
    status = "" if source.on_by_default else OFF
    if source.name in loader.own:
        status = f"{CHANGED if source.name in loader.shipped else OWN} {status}".strip()
    return {
        "name": source.name,
        "title": source.title,
        "language": source.language,
        "region": source.region,
        "topic": source.topic,
        "kind": get_kind(source),
        "home": source.home,
        "status": status,
    }


def print_sources(console: Terminal, rows: Iterable[dict[str, str]]) -> None:
    """Print a table for each region and topic, and the number of all sources."""
    # The user's own have neither; they come last, where a terminal shows them.
    ordered = sorted(rows, key=lambda row: (not row.get("region"), *get_group(row), row["name"]))
    for group, members in groupby(ordered, key=get_group):
        # Without lines between the columns, names and URLs fit into 80 characters.
        title = " · ".join(filter(None, group)) or "without a region"
        table = Table(box=SIMPLE_HEAD, pad_edge=False, title=title, title_justify="left")
        for heading in ("name", "title", "lang", "read from", "home", ""):
            table.add_column(heading, overflow="fold", no_wrap=heading in ("name", "home"))
        for row in members:
            home = row.get("home", "").partition("://")[2].removeprefix("www.").rstrip("/")
            cells = [row.get(key, "") for key in ("title", "language", "kind")]
            table.add_row(row["name"], *cells, home, row["status"])
        console.print(table)
    off = sum(OFF in row["status"] for row in ordered)
    console.print(f"{len(ordered)} sources, {off} of them off: crawled only by name.")


def get_group(row: dict[str, str]) -> tuple[str, str]:
    """Return region and topic of a row; empty where it has none."""
    return row.get("region", ""), row.get("topic", "")
