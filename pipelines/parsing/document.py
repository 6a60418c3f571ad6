"""Decoding and parsing of response bodies, with limits that protect the parser."""

import re
from codecs import BOM_UTF8
from typing import cast

from lxml import etree, html

from shopwire.spiders.decoding.charset import convert_to_utf8, decode_bytes, detect_utf16
from shopwire.spiders.decoding.parser_limits import MOST_ATTRIBUTES, has_too_many_attributes

DEPTH_LIMIT = 200
"""Elements nested deeper than this are removed, so that recursion over a tree is safe."""

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

CONTROL_BYTES = bytes(set(range(32)) - {0, 9, 10, 12, 13, 27})
HTML_START = re.compile(rb"\s*<(?:!doctype|html|head|body|\?xml|!--)", re.IGNORECASE)
HTML_TAG = re.compile(rb"<(?:p|div|br|a|span|table|body|html|article|h[1-6])[\s>/]", re.IGNORECASE)

HEAD_TAGS = frozenset(("base", "link", "meta", "noscript", "script", "style", "template", "title"))

PARSER = html.HTMLParser(
    encoding="utf-8",
    collect_ids=False,
    remove_comments=True,
    remove_pis=True,
)
# By default lxml.html calls a Python function for each element to find its class; one class is enough.
PARSER.set_element_class_lookup(etree.ElementDefaultClassLookup(element=html.HtmlElement))
DEEPEST_ELEMENTS = etree.XPath("/*" * DEPTH_LIMIT)


class UnreadableError(ValueError):
    """Raised if bytes contain no text or no HTML. The message goes to the crawl log."""


def is_plain_text(body: bytes, content_type: str) -> bool:
    """Return whether a body is plain text and not HTML.

    The bytes decide before the content type, because servers send wrong content types.
    """
    head = body[:4096]
    if HTML_START.match(head.removeprefix(BOM_UTF8)):
        return False
    if content_type.partition(";")[0].strip().lower() == "text/plain":
        return True
    return b"\0" not in head and not HTML_TAG.search(body)


def decode_text(body: bytes, content_type: str = "") -> str:
    """Return the text of a body in its actual charset (see `charset.decode_bytes`).

    Raises `UnreadableError` for binary data.
    """
    reject_binary(body)
    return decode_bytes(body, content_type)


def parse_html(body: bytes, content_type: str = "") -> html.HtmlElement:
    """Return the tree of an HTML page, without comments and processing instructions.

    Raises `UnreadableError` for binary data, for a page without elements, and for a tag with too many
    attributes: libxml2 takes quadratic time for those, so they are found before it parses.
    """
    reject_binary(body)
    data = convert_to_utf8(body, content_type)
    if has_too_many_attributes(data):
        raise UnreadableError(f"a tag has more than {MOST_ATTRIBUTES:,} attributes")
    try:
        tree = html.document_fromstring(data, parser=PARSER)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise UnreadableError(f"no HTML parser can read this page: {error}") from error
    for element in cast("list[html.HtmlElement]", DEEPEST_ELEMENTS(tree)):
        element[:] = []
    _separate_body(tree)
    return tree


def _separate_body(tree: html.HtmlElement) -> None:
    """Move content out of the head of a page without `<body>` tag, where libxml2 leaves it."""
    head = tree.find("head")
    if head is None or tree.find("body") is not None:
        return
    first = next((at for at, part in enumerate(head) if part.tag not in HEAD_TAGS), len(head))
    body = html.Element("body")
    body.extend(head[first:])
    tree.append(body)


def reject_binary(body: bytes) -> None:
    """Raise `UnreadableError` if a body has the signature of a binary format or many control characters."""
    for signature, what in BINARY_SIGNATURES.items():
        if body.startswith(signature):
            raise UnreadableError(f"this is {what}, not a page")
    if detect_utf16(body):
        return
    head = body[:8192]
    if len(head) - len(head.translate(None, CONTROL_BYTES)) > len(head) / 50:
        raise UnreadableError("this is binary data, not a page")
