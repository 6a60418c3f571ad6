"""From bytes to text and tree: the right charset, and no parser for what would choke one."""

import re
from codecs import BOM_UTF8
from typing import cast

from lxml import etree, html

from shopwire.spiders.decoding.charset import as_text, as_utf8, utf16
from shopwire.spiders.decoding.parser_limits import MOST_ATTRIBUTES, has_too_many_attributes

DEPTH_LIMIT = 200
"""What is nested deeper than any layout is cut off, so that recursion over a tree stays safe."""

BINARY_SIGNATURES = {
    b"%PDF-": "a PDF document",
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"RIFF": "a RIFF medium",
    b"\x1f\x8b": "gzip data",
    b"\xd0\xcf\x11\xe0": "an old office document",
    b"Rar!": "a RAR archive",
    b"\x7fELF": "a program",
}

CONTROLS = bytes(set(range(32)) - {0, 9, 10, 12, 13, 27})
HTML_START = re.compile(rb"\s*<(?:!doctype|html|head|body|\?xml|!--)", re.IGNORECASE)
ANY_TAG = re.compile(rb"<(?:p|div|br|a|span|table|body|html|article|h[1-6])[\s>/]", re.IGNORECASE)

IN_HEAD = frozenset(("base", "link", "meta", "noscript", "script", "style", "template", "title"))

PARSER = html.HTMLParser(
    encoding="utf-8",
    collect_ids=False,
    remove_comments=True,
    remove_pis=True,
)
# lxml.html asks a Python function for the class of each element each time it is met; one class will do.
PARSER.set_element_class_lookup(etree.ElementDefaultClassLookup(element=html.HtmlElement))
DEEPEST = etree.XPath("/*" * DEPTH_LIMIT)


class UnreadableError(ValueError):
    """Raised by `parse` and `decode`: these bytes are no text. The message is for the crawl log."""


def is_plain_text(body: bytes, content_type: str) -> bool:
    """Tell a mail or a `.txt` from HTML: by the bytes first, because servers mislabel both."""
    head = body[:4096]
    if HTML_START.match(head.removeprefix(BOM_UTF8)):
        return False
    if content_type.partition(";")[0].strip().lower() == "text/plain":
        return True
    return b"\0" not in head and not ANY_TAG.search(body)


def decode(body: bytes, content_type: str = "") -> str:
    """Text of a page or a plain text in whatever charset it really is (see `charset.as_text`).

    Raises `UnreadableError` for binary data.
    """
    refuse_binary(body)
    return as_text(body, content_type)


def parse(body: bytes, content_type: str = "") -> html.HtmlElement:
    """The tree of an HTML page, parsed once, without comments and processing instructions.

    Raises `UnreadableError` for binary data, for a tag with too many attributes (before any parser reads it,
    because libxml2 is quadratic in them) and for a page without any element.
    """
    refuse_binary(body)
    data = as_utf8(body, content_type)
    if has_too_many_attributes(data):
        raise UnreadableError(f"a tag has more than {MOST_ATTRIBUTES:,} attributes")
    try:
        tree = html.document_fromstring(data, parser=PARSER)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise UnreadableError(f"no HTML parser can read this page: {error}") from error
    for element in cast("list[html.HtmlElement]", DEEPEST(tree)):
        element[:] = []
    _part_body_from_head(tree)
    return tree


def _part_body_from_head(tree: html.HtmlElement) -> None:
    """Where `<body>` is left out, as HTML allows, libxml2 leaves `<article>` and its like in the head."""
    head = tree.find("head")
    if head is None or tree.find("body") is not None:
        return
    first = next((at for at, part in enumerate(head) if part.tag not in IN_HEAD), len(head))
    body = html.Element("body")
    body.extend(head[first:])
    tree.append(body)


def refuse_binary(body: bytes) -> None:
    """Raise `UnreadableError` where the first bytes are those of a known binary format, or where
    control characters abound."""
    for signature, what in BINARY_SIGNATURES.items():
        if body.startswith(signature):
            raise UnreadableError(f"this is {what}, not a page")
    if utf16(body):
        return
    head = body[:8192]
    if len(head) - len(head.translate(None, CONTROLS)) > len(head) / 50:
        raise UnreadableError("this is binary data, not a page")
