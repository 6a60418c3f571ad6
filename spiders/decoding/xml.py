"""Reading the XML of strangers: feeds and sitemaps, also malformed ones.

No entity is expanded, nothing is loaded, and an element that was read is forgotten, so that neither
a bomb nor a list of a hundred thousand entries takes memory.
"""

from collections.abc import Iterator
from io import BytesIO

from lxml import etree

from shopwire.spiders.decoding.parser_limits import check_list

# Longer than any title; what is longer is cut before anything looks at it.
LONGEST_VALUE = 5_000


def read_elements(body: bytes, *names: str) -> Iterator[etree._Element]:
    """The elements of these local names, whole, one after another; those before the first fault that
    the parser cannot mend. `body` is in UTF-8; an element is emptied when the next is asked for.

    Raises `UnreadableListError` for a body that no parser should see.
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
        # What came before the fault has been read; an empty list is reported as one.
        return


def local_name(element: etree._Element) -> str:
    """The name without its namespace; empty for what is no element."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
