"""Arguments that several subcommands take."""

from typing import Final

import click

from shopwire.storage.database import Store

ID: Final = click.IntRange(1, 2**63 - 1)
"""The id of a story or an article: a positive 64-bit integer, as in SQLite."""


def check_source(store: Store, name: str) -> None:
    """Raise `click.UsageError` if the store has no source of this name."""
    if store.row("SELECT 1 FROM sources WHERE name = ?", name) is None:
        raise click.UsageError(f"no source {name!r} in {store.path}; `shopwire status` lists its sources")
