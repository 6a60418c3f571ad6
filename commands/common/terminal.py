"""The terminal, for what strangers wrote."""

import re
from typing import Any

from rich.console import Console
from rich.text import Text

from shopwire.pipelines.parsing.visible_text import CONTROLS

# Halves of characters are no order, but no encoding takes them.
UNSAFE = re.compile(f"[{CONTROLS}\ud800-\udfff]")


class Terminal(Console):
    """A console that shows text as it is: nothing in it is markup, the name of an emoji or an order to
    the terminal. Every string comes by here, those in tables, titles and rules too; a `Text` does not."""

    def __init__(self, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, markup=False, emoji=False, highlight=False)

    def render_str(self, text: str, **options: Any) -> Text:
        """Called by rich for every string that it prints."""
        return super().render_str(UNSAFE.sub("", text), **options)
