"""Text of a page as a browser shows it, one line for each block."""

import html
import re
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from shopwire.storage.text.characters import CONTROLS, ZERO_WIDTH

# fmt: off
INVISIBLE_TAGS = frozenset((
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "select",
    "textarea", "button", "head",
))
INLINE_TAGS = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "img", "ins", "kbd", "label", "mark", "nobr", "q", "ruby", "s", "samp", "small",
    "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
))
# fmt: on

LONGEST_VALUE_READ = 6_000
"""Longest name, title or date in characters; the rest is cut."""

INVISIBLE = re.compile(f"[{ZERO_WIDTH}{CONTROLS}]")

BLOCK_BREAK = "\udfff"
"""A lone surrogate, which no parsed page contains."""

MOST_VISIBLE_LINES = 4_000
"""Most lines read of a page; no article has as many."""


def read_visible_lines(tree: HtmlElement) -> list[str]:
    """Return the visible lines of a parsed page in document order, without empty lines.

    Navigation and footers are included. The tree is not changed.
    """
    text = INVISIBLE.sub("", "".join(_collect_text(tree)))
    lines = (" ".join(line.split()) for line in text.split(BLOCK_BREAK))
    return list(islice(filter(None, lines), MOST_VISIBLE_LINES))


def clean_line(text: str) -> str:
    """Return text as one line with HTML entities decoded, also those escaped twice, and single spaces."""
    text = text[:LONGEST_VALUE_READ]
    if "&" in text:
        text = html.unescape(html.unescape(text))
    return " ".join(INVISIBLE.sub("", text).split())


def _collect_text(tree: HtmlElement) -> list[str]:
    """Return the texts in document order, with `BLOCK_BREAK` at block boundaries."""
    pieces: list[str] = []
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if tag in INVISIBLE_TAGS:
            if event == "start":
                walk.skip_subtree()
                continue
        elif tag not in INLINE_TAGS:
            pieces.append(BLOCK_BREAK)
        if text := element.text if event == "start" else element.tail:
            pieces.append(text)
    if tree.tail:
        pieces.pop()
    return pieces
