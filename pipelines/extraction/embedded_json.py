"""Extracts bodies that are only in the JSON of a page, because a script draws the page."""

import json
import re
from collections import deque
from collections.abc import Iterator

from lxml import html

from shopwire.pipelines.extraction.layout import build_layout, measure_length
from shopwire.pipelines.parsing.document import PARSER

# fmt: off
BODY_KEYS = frozenset((
    "article_content", "articlebody", "articlecontent", "body", "bodyhtml", "content", "content_html",
    "contenthtml", "detail", "html", "htmlcontent", "maincontent", "richcontent", "text",
))
# fmt: on
ASSIGNMENT = re.compile(r"\b__[A-Z_]{3,40}__\s{0,3}=\s{0,3}(?=\{)")
ANY_TAG = re.compile(r"</?(?:p|div|br|span|section)\b", re.IGNORECASE)
MIN_EMBEDDED_LENGTH = 200.0
"""A shorter text (see `layout.measure_length`) under such a key is a label."""
MAX_VALUES = 50_000
MAX_SCRIPT_LENGTH = 4_000_000


def extract_embedded_lines(tree: html.HtmlElement) -> list[str]:
    """Return the lines of the longest body in the JSON of a page, none where there is no body.

    JSON is found in JSON-LD (`articleBody`), `__NEXT_DATA__`, `window.__INITIAL_STATE__` and the like.
    """
    best = ""
    for script in tree.iter("script"):
        for value in _decode_documents(script):
            best = max(best, *_find_bodies(value), key=measure_length)
    return _split_body(best) if measure_length(best) >= MIN_EMBEDDED_LENGTH else []


def _decode_documents(script: html.HtmlElement) -> Iterator[object]:
    source = script.text or ""
    if len(source) > MAX_SCRIPT_LENGTH:
        return
    if "json" in script.get("type", ""):
        starts = [0]
    else:
        starts = [match.end() for match in ASSIGNMENT.finditer(source)][:5]
    for start in starts:
        try:
            yield json.JSONDecoder(strict=False).raw_decode(source[start:].lstrip())[0]
        except (ValueError, RecursionError):
            # JavaScript that is no JSON: there is no body in this assignment.
            continue


def _find_bodies(document: object) -> Iterator[str]:
    yield ""
    queue: deque[object] = deque([document])
    for _ in range(MAX_VALUES):
        if not queue:
            return
        value = queue.popleft()
        if isinstance(value, list):
            queue.extend(value)
        elif isinstance(value, dict):
            queue.extend(value.values())
            yield from (
                text for key, text in value.items() if isinstance(text, str) and str(key).lower() in BODY_KEYS
            )


def _split_body(text: str) -> list[str]:
    # JSON may contain halves of surrogate pairs, which cannot be encoded.
    text = text.encode("utf-8", "replace").decode()
    if not ANY_TAG.search(text):
        return text.splitlines()
    tree = html.document_fromstring(f"<body>{text}</body>".encode(), parser=PARSER)
    body = tree.find("body")
    return [line.text for line in build_layout(body).lines] if body is not None else []
