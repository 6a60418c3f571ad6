"""Extracts a body with trafilatura and readability, for pages where our own result is doubtful."""

import logging

import readability
from lxml import etree, html
from readability.readability import Unparseable
from trafilatura import bare_extraction
from trafilatura.settings import Document

from shopwire.pipelines.extraction.layout import build_layout, measure_total_length

# It logs a traceback for each page in which it finds nothing.
logging.getLogger("readability").setLevel(logging.CRITICAL)

MIN_KEPT, MAX_KEPT = 0.3, 0.98
"""Bounds of the share of trafilatura's text that readability keeps where it is right."""


def extract_fallback_lines(tree: html.HtmlElement, length: float) -> list[str]:
    """Return the lines of the body that trafilatura finds (https://aclanthology.org/2021.acl-demo.15),
    or readability-lxml where that keeps a good part of the same text, without its boilerplate.

    Only lines longer than `length`, that of our own lines (see `layout.measure_length`), are of use.
    readability takes long and is expected to return less than trafilatura, so it is not run where
    trafilatura returns no more than that.
    """
    document = bare_extraction(tree, fast=True, include_comments=False, with_metadata=False)
    first = document.text.splitlines() if isinstance(document, Document) and document.text else []
    if measure_total_length(first) <= length:
        return first
    try:
        summary = readability.Document(html.tostring(tree, encoding="unicode")).summary()
        second = [line.text for line in build_layout(html.fromstring(summary)).lines]
    except (Unparseable, etree.ParserError, etree.XMLSyntaxError):
        # It finds nothing in pages with hardly any text.
        return first
    share = measure_total_length(second) / measure_total_length(first)
    return second if MIN_KEPT <= share <= MAX_KEPT else first
