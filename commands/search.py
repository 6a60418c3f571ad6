"""`shopwire search`: the same answers as Datasette's search box, in the terminal."""

import json
import sys
from collections.abc import Sequence

import click

from shopwire.commands.common.article_table import build_article_table
from shopwire.commands.common.terminal import Terminal
from shopwire.storage.database import Store
from shopwire.storage.paths import find_store
from shopwire.storage.search.full_text import search
from shopwire.storage.search.snippets import build_snippet


# A word to exclude is no option.
@click.command("search", context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines instead of a table.")
def command(words: Sequence[str], limit: int, as_json: bool) -> None:
    """Find articles that hold all WORDS, best first.

    A "quoted phrase" must stand as it is, OR between two words means either, -word excludes.
    Exit code 1 when nothing is found.
    """
    if unknown := next((word for word in words if word.startswith("--")), ""):
        raise click.NoSuchOption(unknown)
    with Store(find_store()) as store:
        typed = " ".join(words)
        found = search(store.db, typed, limit)
    for row in found:
        row["snippet"] = build_snippet(row.pop("text"), typed)
    if as_json:
        for row in found:
            click.echo(json.dumps(row, ensure_ascii=False))
    elif found:
        Terminal().print(build_article_table(found))
    else:
        click.echo("nothing found", err=True)
    sys.exit(0 if found else 1)
