"""Bodies that stand in a page's JSON alone: pages that a script draws in the browser."""

import json
import re
from collections import deque
from collections.abc import Iterator

from lxml import html

from shopwire.pipelines.extraction.layout import lay_out, units
from shopwire.pipelines.parsing.document import PARSER

# fmt: off
BODY_KEYS = frozenset((
    "article_content", "articlebody", "articlecontent", "body", "bodyhtml", "content", "content_html",
    "contenthtml", "detail", "html", "htmlcontent", "maincontent", "richcontent", "text",
))
# fmt: on
ASSIGNMENT = re.compile(r"\b__[A-Z_]{3,40}__\s{0,3}=\s{0,3}(?=\{)")
ANY_TAG = re.compile(r"</?(?:p|div|br|span|section)\b", re.IGNORECASE)
LEAST = 200.0
"""A shorter text under such a key is a label (in units of `blocks.units`)."""
MOST_VALUES = 50_000
LONGEST_SCRIPT = 4_000_000


def lines_in_state(tree: html.HtmlElement) -> list[str]:
    """Lines of the longest body in the JSON of a page: JSON-LD `articleBody`, `__NEXT_DATA__`,
    `window.__INITIAL_STATE__` and the like. Nothing where there is none."""
    best = ""
    for script in tree.iter("script"):
        for value in _documents(script):
            best = max(best, *_bodies(value), key=units)
    return _lines(best) if units(best) >= LEAST else []


def _documents(script: html.HtmlElement) -> Iterator[object]:
    source = script.text or ""
    if len(source) > LONGEST_SCRIPT:
        return
    if "json" in script.get("type", ""):
        starts = [0]
    else:
        starts = [match.end() for match in ASSIGNMENT.finditer(source)][:5]
    for start in starts:
        try:
            yield json.JSONDecoder(strict=False).raw_decode(source[start:].lstrip())[0]
        except (ValueError, RecursionError):
            # JavaScript that is no JSON: the page has no body for us there.
            continue


def _bodies(document: object) -> Iterator[str]:
    yield ""
    queue: deque[object] = deque([document])
    for _ in range(MOST_VALUES):
        if not queue:
            return
        value = queue.popleft()
        if isinstance(value, list):
            queue.extend(value)
        elif isinstance(value, dict):
            queue.extend(value.values())
            yield from (
                text
                for key, text in value.items()
                if isinstance(text, str) and str(key).lower() in BODY_KEYS
            )


def _lines(text: str) -> list[str]:
    # JSON may hold halves of surrogate pairs, which no encoder takes.
    text = text.encode("utf-8", "replace").decode()
    if not ANY_TAG.search(text):
        return text.splitlines()
    tree = html.document_fromstring(f"<body>{text}</body>".encode(), parser=PARSER)
    body = tree.find("body")
    return [line.text for line in lay_out(body).lines] if body is not None else []
