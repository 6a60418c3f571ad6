"""What other extractors hold for the body of a page, for the pages about which there is doubt."""

import logging

import readability
from lxml import etree, html
from readability.readability import Unparseable
from trafilatura import bare_extraction
from trafilatura.settings import Document

from shopwire.pipelines.extraction.layout import lay_out, total_units

# It writes a traceback for each page in which it finds nothing.
logging.getLogger("readability").setLevel(logging.CRITICAL)

LEAST_ALIKE, MOST_ALIKE = 0.3, 0.98
"""What readability keeps of trafilatura's text, where it is to be believed."""


def second_opinion(tree: html.HtmlElement, length: float) -> list[str]:
    """Lines of the body as trafilatura finds them (https://aclanthology.org/2021.acl-demo.15), or as
    readability-lxml does where that is a good part of the same, without its chrome.

    Only lines longer than `length`, what we have (in units of `blocks.units`), are of use: readability
    takes twice as long and is to say less than trafilatura, so it is not asked where that says no more.
    """
    document = bare_extraction(tree, fast=True, include_comments=False, with_metadata=False)
    first = document.text.splitlines() if isinstance(document, Document) and document.text else []
    if total_units(first) <= length:
        return first
    try:
        summary = readability.Document(html.tostring(tree, encoding="unicode")).summary()
        second = [line.text for line in lay_out(html.fromstring(summary)).lines]
    except (Unparseable, etree.ParserError, etree.XMLSyntaxError):
        # It finds nothing in pages that are hardly any.
        return first
    share = total_units(second) / total_units(first)
    return second if LEAST_ALIKE <= share <= MOST_ALIKE else first
