"""Arguments that several subcommands take."""

from datetime import datetime
from typing import Final

import click

from shopwire.storage.database import Store

COUNT: Final = click.IntRange(1, 2**63 - 1)
"""How many rows to show at most: SQLite takes no larger number."""
ID: Final = click.IntRange(1, 2**63 - 1)
"""The id of a story or an article: a positive 64-bit integer, as in SQLite."""


class DateArgument(click.ParamType[str]):
    """A date in ISO 8601 format, or a date and time unless `whole_day`."""

    name = "day"

    def __init__(self, whole_day: bool = False) -> None:
        self.whole_day = whole_day

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text unchanged. Raises `click.BadParameter` if it is not a date."""
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            moment = None
        if moment is None or (self.whole_day and f"{moment:%Y-%m-%d}" != value):
            self.fail(f"{value!r} is not a date such as 2026-11-01", param, ctx)
        return value


def check_source(store: Store, name: str) -> None:
    """Raise `click.UsageError` if the store has no source of this name."""
    if store.row("SELECT 1 FROM sources WHERE name = ?", name) is None:
        raise click.UsageError(f"no source {name!r} in {store.path}; `shopwire status` lists its sources")
