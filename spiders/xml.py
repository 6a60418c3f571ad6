"""Reading the XML of strangers: feeds and sitemaps, also malformed ones and those of a wrong charset.

No entity is expanded, nothing is loaded, and an element that was read is forgotten, so that neither
a bomb nor a list of a hundred thousand entries takes memory.
"""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from io import BytesIO

from lxml import etree

from shopwire.spiders.failures import refuse_absurd

DECLARED = re.compile(rb"\s*<\?xml[^<>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})")
IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
# What a label means in practice: the superset that browsers read it as.
SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "iso-8859-1": "cp1252"}
# Longer than any title; what is longer is cut before anything looks at it.
LONGEST_VALUE = 5_000


def as_utf8(body: bytes, content_type: str = "") -> bytes:
    """The body in UTF-8, whatever it is in and claims to be: valid UTF-8 is no accident, then what
    is declared counts if it fits, then GB18030, which is what Chinese servers mislabel."""
    if body.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return body.decode("utf-16", "replace").encode("utf-8", "replace")
    try:
        body.decode()
    except UnicodeDecodeError:
        found = [m[1].decode("ascii", "ignore") for m in [DECLARED.match(body)] if m]
        found += IN_HEADER.findall(content_type)
        for name in [SUPERSETS.get(label.lower(), label) for label in found] + ["gb18030"]:
            try:
                return body.decode(name).encode()
            except (LookupError, UnicodeError):
                continue
        return body.decode("utf-8", "replace").encode()
    return body


def read_elements(body: bytes, *names: str) -> Iterator[etree._Element]:
    """The elements of these local names, whole, one after another; those before the first fault that
    the parser cannot mend. `body` is in UTF-8; an element is emptied when the next is asked for.

    Raises `UnreadableListError` for a body that no parser should see.
    """
    refuse_absurd(body)
    events = etree.iterparse(
        BytesIO(body),
        events=("end",),
        tag=[f"{{*}}{name}" for name in names],
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for _, element in events:
            yield element
            element.clear()
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]
    except etree.XMLSyntaxError:
        # What came before the fault has been read; an empty list is reported as one.
        return


def local_name(element: etree._Element) -> str:
    """The name without its namespace; empty for what is no element."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
