"""Selects the parts of a page that is watched for changes."""

from html import escape

from lxml.html import HtmlElement, tostring

from shopwire.spiders.decoding.feed_text import sanitize_line
from shopwire.spiders.decoding.parser_limits import UnreadableListError
from shopwire.spiders.readers.link_reader import parse_list_page
from shopwire.spiders.readers.link_text import select_elements
from shopwire.spiders.readers.list_body import ListBody
from shopwire.storage.crawl_log.outcomes import Outcome


def select_parts(body: ListBody, expression: str) -> bytes:
    """Return a page of the elements that a CSS or XPath expression selects, below the title of the page.

    Raises `UnreadableListError` if there is none.
    """
    page = parse_list_page(body)
    selected = [one.root for one in select_elements(page, expression)]
    parts = [tostring(one, encoding="unicode") for one in selected if isinstance(one, HtmlElement)]
    if not parts:
        raise UnreadableListError(Outcome.THIN, sanitize_line(f"no element matches `parts`: {expression}"))
    title = " ".join(page.css("title").xpath("string()").get("").split())
    head = f"<head><title>{escape(title)}</title></head>"
    made = f"<html>{head}<body><article><h1>{escape(title)}</h1>{''.join(parts)}</article></body></html>"
    return made.encode("utf-8", "replace")
