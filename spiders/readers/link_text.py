"""The texts and names of links and of elements within them."""

import re
from typing import cast

from lxml.html import HtmlElement
from parsel import Selector, SelectorList

from shopwire.spiders.decoding.xml import LONGEST_VALUE

XPATH_STARTS = ("/", "(", "./")
# A name that can be written in CSS without escapes, and is not one of a single element (`item-3`).
NAME = re.compile(r"[a-zA-Z_][\w-]*")
NUMBERED = re.compile(r"\d")
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
# A title has at least so many characters of Chinese, Japanese or Korean, or so many letters.
LEAST_WIDE, LEAST_LETTERS = 8, 20
WIDE = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]")
LETTER = re.compile(r"[^\W\d_]")
DATE = re.compile(
    r"\d{4}\s?[-/.年]\s?\d{1,2}|\d{1,2}[-/月]\d{1,2}|\d{1,2}:\d{2}|\d+\s?(小时|分钟|天|hours?|days?|min)"
    r"|\b(jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?"
    r"|nov(ember)?|dec(ember)?)\.? \d",
    re.IGNORECASE,
)


def select_elements(page: Selector, expression: str) -> SelectorList[Selector]:
    """Return what a CSS or XPath expression selects."""
    if expression.startswith(XPATH_STARTS):
        return page.xpath(expression)
    return page.css(expression)


def find_text_within(element: HtmlElement, expression: str) -> str:
    """Return the text of the first element that an expression selects within another; empty if none."""
    if not expression:
        return ""
    selected = select_elements(Selector(root=element), expression)
    return join_text(selected[0].root) if selected else ""


def find_link_title(element: HtmlElement) -> str:
    """Return the text of a link, or its `title` attribute: the text may have a date behind the title, or cut
    it short."""
    text, declared = join_text(element), join_text(element.get("title") or "")
    is_start = bool(declared) and text.startswith(declared)
    is_cut = declared.startswith(text.rstrip(".…")) and text.endswith(("...", "…"))
    return declared if is_start or is_cut else text


def join_text(element: HtmlElement | str) -> str:
    """Return the text of an element, or an attribute, in one line; cut to `LONGEST_VALUE` characters."""
    text = element if isinstance(element, str) else cast("str", element.text_content())
    return " ".join(text[:LONGEST_VALUE].split())


def is_title(text: str) -> bool:
    """Return whether a text is long enough for a title."""
    return len(WIDE.findall(text)) >= LEAST_WIDE or len(LETTER.findall(text)) >= LEAST_LETTERS


def list_names(element: HtmlElement) -> list[str]:
    """Return the classes of an element that can be written in CSS and are not of it alone."""
    names = (element.get("class") or "").split()
    return [name for name in names if NAME.fullmatch(name) and not NUMBERED.search(name)]
