"""The terminal, safe for text from the web."""

import re
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from shopwire.storage.database import Store
from shopwire.storage.text.characters import CONTROLS, SURROGATES

# Control characters, and lone surrogates, which no encoding takes.
UNSAFE = re.compile(f"[{CONTROLS}{SURROGATES}]")


class Terminal(Console):
    """A console that prints text as it is: no markup, no emoji names, no control characters.

    That holds for every string, also in tables, titles and rules, but not for a `Text`.
    """

    def __init__(self, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, markup=False, emoji=False, highlight=False)

    def render_str(self, text: str, **options: Any) -> Text:
        """Return a string as text without unsafe characters. Called by rich for every string."""
        return super().render_str(UNSAFE.sub("", text), **options)


def announce_new_store(store: Store) -> None:
    """Print where a store is if opening it has made it: a typo in SHOPWIRE_HOME makes another one."""
    if store.is_new:
        click.echo(f"new store at {store.path.absolute()}", err=True)
