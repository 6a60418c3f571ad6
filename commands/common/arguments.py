"""What subcommands are told by name must be in the store."""

from typing import Final

import click

from shopwire.storage.database import Store

ID: Final = click.IntRange(1, 2**63 - 1)
"""The number of a story or an article, as far as SQLite counts."""


def check_source(store: Store, name: str) -> None:
    """Raise `click.UsageError` when the store knows no source of this name."""
    if store.row("SELECT 1 FROM sources WHERE name = ?", name) is None:
        raise click.UsageError(
            f"no source {name!r} in {store.path}; `shopwire status` shows those that are"
        )
