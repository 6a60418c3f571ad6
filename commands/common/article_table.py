"""The table of articles that several subcommands print."""

from collections.abc import Sequence
from typing import Any

from rich.table import Table

COLUMNS = ("story", "day", "language", "title", "source")


def build_article_table(rows: Sequence[dict[str, Any]], title: str | None = None) -> Table:
    """Return a table with story, day, language, title and source of each article."""
    table = Table(title=title, title_justify="left", expand=True)
    table.add_column("story", no_wrap=True, justify="right")
    table.add_column("day", no_wrap=True, width=10)
    table.add_column("lang", no_wrap=True, width=4)
    table.add_column("title", no_wrap=True, overflow="ellipsis", ratio=1)
    table.add_column("source", no_wrap=True, width=17)
    for row in rows:
        table.add_row(*(str(row[key]) for key in COLUMNS))
    return table
