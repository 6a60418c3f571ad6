"""Sources with neither feed nor sitemap: pages of links, or a JSON list."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from functools import partial
from string import Formatter
from typing import Any, cast
from urllib.parse import urlencode

from scrapy import Request
from scrapy.http import Response, TextResponse
from scrapy.selector import SelectorList

from shopwire.spiders.base import Link, Source
from shopwire.spiders.page import Listed, one_line

JSONP = re.compile(rb"\s*[\w.$]{1,80}\((.*)\);?\s*", re.DOTALL)
XPATH_STARTS = ("/", "(", "./")


class ListingSource(Source):
    """Reads `lists` of links, page after page until one brings nothing new.

    `links` and `next_page` are CSS, or XPath when they begin as XPath does; they name elements
    (whose `href` is taken) or attributes.
    """

    lists: list[str] = []
    links: str = ""
    next_page: str = ""
    most_pages: int = 5

    async def start(self) -> AsyncIterator[Request]:
        """Ask for each first page."""
        for url in self.lists:
            yield self.ask_list(url, "listing", partial(self.read, number=1))

    def read(self, response: Response, number: int) -> Iterator[Link | Request]:
        """The links of a page, and a request for the next page while there is something new."""
        if not isinstance(response, TextResponse):
            return
        found = [
            Link(url, Listed(title=title)) for url, title in _links(select(response, self.links))
        ]
        anything_new = any(self.is_new(link, response) for link in found)
        yield from found
        if self.next_page and anything_new and number < self.most_pages:
            for link, _ in _links(select(response, self.next_page))[:1]:
                if url := self.address(link, response):
                    yield self.ask_list(url, "listing", partial(self.read, number=number + 1))


class ApiSource(Source):
    """Reads `lists` that are JSON.

    `rows` is the path to the list of rows (`data.items`), `link` the address of a page with names
    of a row's values in braces (`https://example.com/news/{id}`); `titled` and `dated` name the
    values that hold title and time. With `form` or `json_body` the list is asked for by POST.
    """

    lists: list[str] = []
    rows: str = ""
    link: str = ""
    titled: str = "title"
    dated: str = ""
    form: dict[str, str] = {}
    json_body: dict[str, Any] = {}
    headers: dict[str, str] = {}

    async def start(self) -> AsyncIterator[Request]:
        """Ask for each list."""
        request: dict[str, Any] = {"headers": {"Accept": "application/json", **self.headers}}
        if self.json_body:
            request |= {"method": "POST", "body": json.dumps(self.json_body)}
            request["headers"]["Content-Type"] = "application/json"
        elif self.form:
            request |= {"method": "POST", "body": urlencode(self.form)}
            request["headers"]["Content-Type"] = "application/x-www-form-urlencoded"
        for url in self.lists:
            yield self.ask_list(url, "listing", self.read, **request)

    def read(self, response: Response) -> Iterator[Link]:
        """The rows that have what `link` needs; none when the body is not as expected."""
        try:
            value = json.loads(_without_callback(response.body))
        except (ValueError, RecursionError):
            return
        for key in self.rows.split(".") if self.rows else []:
            value = value.get(key) if isinstance(value, dict) else None
        names = [name for _, name, _, _ in Formatter().parse(self.link) if name]
        for row in value if isinstance(value, list) else []:
            if isinstance(row, dict) and all(row.get(name) for name in names):
                title = one_line(str(row.get(self.titled, "")))
                published = one_line(str(row.get(self.dated, "")))
                yield Link(self.link.format_map(row), Listed(title=title, published=published))


def _without_callback(body: bytes) -> bytes:
    """The JSON inside JSONP: `callback({...})`."""
    wrapped = JSONP.fullmatch(body)
    return wrapped[1] if wrapped else body


def select(response: TextResponse, expression: str) -> SelectorList:
    """What an expression of a source selects."""
    if expression.startswith(XPATH_STARTS):
        return response.xpath(expression)
    return response.css(expression)


def _links(selected: SelectorList) -> list[tuple[str, str]]:
    """Address and text of the selected links."""
    found = []
    for one in selected:
        root = one.root
        if isinstance(root, str):
            found.append((root, ""))
        elif root.get("href"):
            found.append((root.get("href"), " ".join(cast("str", root.text_content()).split())))
    return found
