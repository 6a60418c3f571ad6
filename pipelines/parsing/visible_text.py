"""Text of a page as a browser shows it, one line for each block."""

import html
import re
from functools import lru_cache
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from shopwire.storage.text.characters import CONTROLS, HAN, LATIN, LATIN_CAPITAL, ZERO_WIDTH

# fmt: off
INVISIBLE_TAGS = frozenset((
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "select",
    "textarea", "button", "head", "rp", "rt",
))
INLINE_TAGS = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "img", "ins", "kbd", "label", "mark", "nobr", "q", "ruby", "s", "samp", "small",
    "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
))
# fmt: on

HIDING = frozenset(("hidden", "aria-hidden", "style", "fallback", "overflow", "placeholder"))
"""Attributes, `class` aside, that may hide an element."""

NO_LENGTH = r"\s*:\s*0*\.?0+(?:px|pt|r?em|%)?\s*(?![\w.%])"
"""A value of zero behind a property of CSS."""

HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:left|right|top|text-indent)\s*:\s*-\d{3}|clip\s*:\s*rect\(\s*[01]\D"
    r"|clip-path\s*:\s*(?:inset\(\s*(?:50|100)%|circle\(\s*0)|opacity\s*:\s*0(?![.\d])[^\"]{0,80}(?<!-)(?:height|width)\s*:\s*[01](?:px)?(?![\d.])"
    rf"|max-(?:height|width){NO_LENGTH}|transform\s*:[^;]{{0,60}}(?:scale[xy3d]{{0,2}}\(\s*0\s*[,)]|translate[xy3d]{{0,2}}\(\s*-\d{{3}})"
    rf"|^(?=.*overflow[xy-]{{0,2}}\s*:\s*(?:hidden|clip)).*(?<![\w-])(?:height|width){NO_LENGTH}",
    re.IGNORECASE | re.DOTALL,
)
NO_FONT = re.compile(rf"font-size{NO_LENGTH}|(?<![\w-])font\s*:\s*0(?:px)?[/\s]", re.IGNORECASE)
"""A style that hides the text of an element itself, though not that of elements with a size of their own."""

HIDDEN_CLASS = re.compile(
    r"(?<!\S)(?:(?:u-|is-)?(?:hidden|invisible)|hide|d-none|sr-only(?:-focusable)?|"
    r"(?:\S{1,30}[_-])?visually[_-]?hidden(?:[_-]\S{1,30})?|(?:u-)?hidden-visually|screen-?reader-?(?:text|only)|"
    r"show-for-sr|off-?screen|a11y-hidden|element-(?:hidden|invisible)|assistive-text|tooltip-?text)(?!\S)",
    re.IGNORECASE,
)
HIDING_HINTS = ("hid", "invisible", "none", "only", "reader", "screen", "-sr", "assistive", "tooltip")
"""One of them is in each class that HIDDEN_CLASS matches; looking for them costs less."""

SHOWN_CLASS = re.compile(r"(?:\w:|-(?:sm|md|lg|xl)-)(?:block|flex|grid|inline|table|visible)")
"""A class that shows an element on wide screens, whatever it is on narrow ones."""

LONGEST_VALUE_READ = 6_000
"""Longest name, title or date in characters; the rest is cut."""

INVISIBLE = re.compile(f"[{ZERO_WIDTH}{CONTROLS}\u200c\u200d](?:(?<![\u200c\u200d])|(?<=[{LATIN}{HAN}].))")
"""Characters that are not displayed, joiners after letters that are never joined included.

A pattern that begins with a set of characters is searched for much faster than one with alternatives.
"""

BLOCK_BREAK = "\udfff"
"""A lone surrogate, which no parsed page contains."""

JOINT = "\udffe"
"""Another one, between two inline elements without a blank that are not both links."""

JOINTS = re.compile(f"{JOINT}+")
JOINED = re.compile(
    rf"{JOINT}(?:(?<=[a-z\u00df-\u00f6\u00f8-\u00ff\d.].)(?=[{LATIN_CAPITAL}][a-z\u00df-\u00f6\u00f8-\u00ff]|20\d\d)"
    rf"|(?<=[{HAN}].)(?=20\d\d[-/.年])|(?<=[a-z\u00df-\u00f6\u00f8-\u00ff].)(?=\d{{1,2}}[\s./])"
    rf"|(?<=\d.)(?=\d{{1,2}}[:：]\d\d)|(?<=[:：]\d\d.)(?=[{HAN}]))"
)
"""Two words in two elements that style sheets put apart, as a name and a date."""

MOST_VISIBLE_LINES = 4_000
"""Most lines read of a page; no article has as many."""


def read_visible_lines(
    tree: HtmlElement, before: HtmlElement | None = None, inline: frozenset[str] = INLINE_TAGS
) -> list[str]:
    """Return the visible lines of a parsed page in document order, without empty lines.

    Navigation and footers are included; with `before`, the lines above this element are returned. Tags
    that are not `inline` end a line. The tree is not changed.
    """
    text = "".join(_collect_text(tree, before, inline))
    if JOINT in text:
        text = JOINED.sub(" ", JOINTS.sub(JOINT, text)).replace(JOINT, "")
    lines = (tidy_line(line) for line in text.split(BLOCK_BREAK) if line and not line.isspace())
    return list(islice(filter(None, lines), MOST_VISIBLE_LINES))


def clean_line(text: str) -> str:
    """Return text as one line with HTML entities decoded, also those escaped twice, and single spaces."""
    text = text[:LONGEST_VALUE_READ]
    if "&" in text:
        text = html.unescape(html.unescape(text))
    return tidy_line(text)


def tidy_line(text: str) -> str:
    """Return text as one line without invisible characters, with single spaces."""
    text = " ".join(text.split())
    # Once the spaces are ordinary ones, hardly any line needs the search for invisible characters.
    return text if text.isprintable() else " ".join(INVISIBLE.sub("", text).split())


def is_shown(element: HtmlElement) -> bool:
    """Return whether no attribute hides an element."""
    # Reading the list of attributes is cheaper than reading each attribute.
    keys = element.keys()
    if "class" in keys and _is_hiding_class(element.get("class", "")):
        return False
    return HIDING.isdisjoint(keys) or not (
        "hidden" in keys
        or ("style" in keys and _is_hiding_style(element, element.get("style", "")))
        or ("aria-hidden" in keys and element.get("aria-hidden") == "true")
        or "fallback" in keys
        or ("overflow" in keys and element.get("overflow") == "")
        or ("placeholder" in keys and element.get("placeholder") == "")
    )


def _is_hiding_style(element: HtmlElement, style: str) -> bool:
    is_hiding, has_no_font = _match_style(style)
    return is_hiding or (
        has_no_font and not any("font" in inner.get("style", "") for inner in element.iterdescendants())
    )


@lru_cache(maxsize=1024)
def _match_style(style: str) -> tuple[bool, bool]:
    """Return whether a style hides an element, and whether it hides its text."""
    return HIDDEN_STYLE.search(style) is not None, NO_FONT.search(style) is not None


@lru_cache(maxsize=8192)
def _is_hiding_class(name: str) -> bool:
    return (
        any(map(name.lower().__contains__, HIDING_HINTS))
        and HIDDEN_CLASS.search(name) is not None
        and SHOWN_CLASS.search(name) is None
    )


def _collect_text(tree: HtmlElement, before: HtmlElement | None, inline: frozenset[str]) -> list[str]:
    """Return the texts in document order, with `BLOCK_BREAK` at block boundaries and with joints."""
    pieces: list[str] = []
    add = pieces.append
    ended = ""
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        if element is before:
            return pieces
        tag = element.tag
        if tag in INVISIBLE_TAGS:
            if event == "start":
                walk.skip_subtree()
                continue
        elif tag not in inline:
            add(BLOCK_BREAK)
        elif ended and event == "start" and not ended == tag == "a":
            add(JOINT)
        if text := element.text if event == "start" else element.tail:
            add(text)
        ended = str(tag) if event == "end" and not text and tag in inline else ""
    if tree.tail:
        pieces.pop()
    return pieces
