"""Reads untrusted XML (feeds and sitemaps), also malformed one.

Entities are not expanded, nothing is loaded, and each element is freed after it was read, so that neither
an entity bomb nor a list of 100,000 entries takes memory.
"""

from collections.abc import Iterator
from io import BytesIO

from lxml import etree

from shopwire.spiders.decoding.parser_limits import check_list

# Characters. Longer than any title; values are cut to it before they are processed.
LONGEST_VALUE = 5_000


def read_elements(body: bytes, *names: str) -> Iterator[etree._Element]:
    """Yield the elements with these local names, up to the first error that the parser cannot recover from.

    `body` is in UTF-8. An element is cleared when the next one is requested. Raises `UnreadableListError`
    if `check_list` refuses the body.
    """
    check_list(body)
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
        # The elements before the error have been yielded; an empty list is reported as such.
        return


def get_local_name(element: etree._Element) -> str:
    """Return the name without its namespace; empty for a node that is not an element."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
