"""A page as its reader sees it: one line for every block of text."""

import html
import re
from collections.abc import Iterator

from lxml.html import HtmlElement

# fmt: off
UNSEEN = frozenset((
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "select",
    "textarea", "button", "head",
))
INLINE = frozenset((
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "label", "mark", "q", "s", "small", "span", "strike", "strong", "sub", "sup", "time",
    "tt", "u", "var", "wbr",
))
# fmt: on

LONGEST_CLEAN = 6_000
"""Characters of a name, a title or a date that are looked at."""

# What a terminal obeys, and what turns the writing round; `\x85` is a line end.
CONTROLS = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069"
NO_SPACE = re.compile(f"[\u00ad\u200b-\u200f\u2060\ufeff{CONTROLS}]")
"""Characters that take no space: soft hyphens, joiners, direction marks, control characters."""

MOST_LINES = 4_000
"""Lines after which a page is a list or a hostile one, and nothing of interest follows."""


def visible_lines(tree: HtmlElement) -> list[str]:
    """Give the lines of a parsed page in document order, white space folded, empty ones left out.

    Nothing is judged here: navigation and footers are lines as well. The tree is only read.
    """
    lines: list[str] = []
    pieces: list[str] = []
    for text in _pieces(tree):
        if text is not None:
            if pieces or not text.isspace():
                pieces.append(text)
        elif pieces:
            if line := _line(pieces):
                lines.append(line)
                if len(lines) == MOST_LINES:
                    return lines
            pieces.clear()
    if line := _line(pieces):
        lines.append(line)
    return lines


def clean(text: str) -> str:
    """One line of text: entities decoded (twice escaped ones too), white space folded."""
    text = text[:LONGEST_CLEAN]
    if "&" in text:
        text = html.unescape(html.unescape(text))
    return _line([text])


def _line(pieces: list[str]) -> str:
    return " ".join(NO_SPACE.sub("", "".join(pieces)).split())


def _pieces(tree: HtmlElement) -> Iterator[str | None]:
    """Texts in document order, with None wherever a block begins or ends.

    A stack of its own, because a hostile page nests deeper than Python recurses.
    """
    stack: list[HtmlElement | str | None] = [tree]
    while stack:
        item = stack.pop()
        if item is None or isinstance(item, str):
            yield item
            continue
        tag = item.tag
        if not isinstance(tag, str) or tag in UNSEEN:
            continue
        inline = tag in INLINE
        if not inline:
            yield None
            stack.append(None)
        if item.text:
            yield item.text
        for child in reversed(item):
            if child.tail:
                stack.append(child.tail)
            stack.append(child)
