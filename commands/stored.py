"""What subcommands are told by name must be in the store."""

import click

from shopwire.storage.store import Store


def check_source(store: Store, name: str) -> None:
    """Raise `click.UsageError` when the store knows no source of this name."""
    if store.row("SELECT 1 FROM sources WHERE name = ?", name) is None:
        raise click.UsageError(
            f"no source {name!r} in {store.path}; `shopwire status` shows those that are"
        )
