"""`shopwire search`: prints the same results as the search box of Datasette."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click
from rich.table import Table

from shopwire.commands.common.arguments import COUNT, DateArgument
from shopwire.commands.common.last_visit import begin_visit
from shopwire.commands.common.terminal import Terminal
from shopwire.storage.database import open_to_read
from shopwire.storage.paths import find_store
from shopwire.storage.search.full_text import search
from shopwire.storage.search.snippets import build_snippet

LAST = "last"


class DateOrLast(DateArgument):
    """A day, or the word `last`."""

    def __init__(self) -> None:
        super().__init__(whole_day=True)

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text unchanged. Raises `click.BadParameter` if it is neither."""
        return value if value == LAST else super().convert(value, param, ctx)


# `-word` excludes a word; it is not an option.
@click.command("search", context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=COUNT, default=20, help="Maximum number of results.")
@click.option(
    "--since", type=DateOrLast(), metavar="DAY|last", help="Only from this day on, or since the last visit."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines instead of a table.")
def search_store(words: Sequence[str], limit: int, since: str | None, as_json: bool) -> None:
    """Find articles that contain all WORDS, best match first.

    A name finds its other names too: 淘宝 is Taobao; articles with the words as typed come first. A "quoted
    phrase" must occur as it is, OR between two words means either, -word excludes. `--since last` shows what
    was stored since you used it last; what you search for within half an hour belongs to the same visit.
    Exit code 1 if nothing is found.
    """
    if unknown := next((word for word in words if word.startswith("--")), ""):
        raise click.NoSuchOption(unknown)
    with open_to_read(find_store()) as store:
        typed = " ".join(words)
        after = begin_visit(store) if since == LAST else 0
        day = since if since and since != LAST else ""
        found = search(store.db, typed, limit, after, day)
        titles = {row["name"]: row["title"] for row in store.rows("SELECT name, title FROM sources")}
    for row in found:
        row["snippet"] = build_snippet(row.pop("text"), typed)
    if as_json:
        for row in found:
            click.echo(json.dumps(row, ensure_ascii=False))
    elif found:
        Terminal().print(build_hit_table(found, titles))
    else:
        click.echo("nothing found", err=True)
    sys.exit(0 if found else 1)


def build_hit_table(rows: Sequence[dict[str, Any]], titles: Mapping[str, str]) -> Table:
    """Return a table of hits, each with its id, its story, its source by its title and its whole address."""
    table = Table(expand=True)
    table.add_column("id", no_wrap=True, justify="right")
    table.add_column("story", no_wrap=True, justify="right")
    table.add_column("day", no_wrap=True, width=10)
    table.add_column("lang", no_wrap=True, width=4)
    table.add_column("article", overflow="fold", ratio=1)
    for row in rows:
        article = f"{row['title']} · {titles.get(row['source'], row['source'])}\n{row['url']}"
        table.add_row(str(row["id"]), str(row["story"]), str(row["day"]), str(row["language"]), article)
    return table
