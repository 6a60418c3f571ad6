"""A page as its reader sees it: one line for every block of text."""

import html
import re
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from shopwire.storage.text.characters import CONTROLS, ZERO_WIDTH

# fmt: off
UNSEEN = frozenset((
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "select",
    "textarea", "button", "head",
))
INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "img", "ins", "kbd", "label", "mark", "nobr", "q", "ruby", "s", "samp", "small",
    "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
))
# fmt: on

LONGEST_CLEAN = 6_000
"""Characters of a name, a title or a date that are looked at."""

INVISIBLE = re.compile(f"[{ZERO_WIDTH}{CONTROLS}]")

BREAK = "\udfff"
"""Half a character, which stands in no page that was parsed."""

MOST_LINES = 4_000
"""Lines after which a page is a list or a hostile one, and nothing of interest follows."""


def visible_lines(tree: HtmlElement) -> list[str]:
    """Give the lines of a parsed page in document order, white space folded, empty ones left out.

    Nothing is judged here: navigation and footers are lines as well. The tree is only read.
    """
    text = INVISIBLE.sub("", "".join(_pieces(tree)))
    lines = (" ".join(line.split()) for line in text.split(BREAK))
    return list(islice(filter(None, lines), MOST_LINES))


def clean(text: str) -> str:
    """One line of text: entities decoded (twice escaped ones too), white space folded."""
    text = text[:LONGEST_CLEAN]
    if "&" in text:
        text = html.unescape(html.unescape(text))
    return " ".join(INVISIBLE.sub("", text).split())


def _pieces(tree: HtmlElement) -> list[str]:
    """Texts in document order, with a `BREAK` wherever a block begins or ends."""
    pieces: list[str] = []
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if tag in UNSEEN:
            if event == "start":
                walk.skip_subtree()
                continue
        elif tag not in INLINE:
            pieces.append(BREAK)
        if text := element.text if event == "start" else element.tail:
            pieces.append(text)
    if tree.tail:
        pieces.pop()
    return pieces
