"""Sources whose list of articles is JSON."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from functools import partial
from string import Formatter
from typing import Any
from urllib.parse import urlencode

from scrapy import Request
from scrapy.http import Response

from shopwire.spiders.base import Link, Source
from shopwire.spiders.page import Listed, one_line

JSONP = re.compile(rb"\s*[\w.$]{1,80}\((.*)\);?\s*", re.DOTALL)
JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"


class ApiSource(Source):
    """Reads `lists` that are JSON, list after list until one brings nothing new.

    `rows` is the path to the list of rows (`data.items`), `link` the address of a page with names
    of a row's values in braces (`https://example.com/news/{id}`); `titled` and `dated` name the
    values that hold title and time, `next_page` is the path to the address of the next list. With
    `form` or `json_body` a list is asked for by POST.
    """

    lists: list[str] = []
    rows: str = ""
    link: str = ""
    titled: str = "title"
    dated: str = ""
    next_page: str = ""
    most_pages: int = 5
    form: dict[str, str] = {}
    json_body: dict[str, Any] = {}
    headers: dict[str, str] = {}

    async def start(self) -> AsyncIterator[Request]:
        """Ask for each first list."""
        for url in self.lists:
            yield self._ask(url, number=1)

    def _ask(self, url: str, number: int) -> Request:
        headers = {"Accept": JSON_TYPE, **self.headers}
        read = partial(self.read, number=number)
        if self.json_body:
            headers["Content-Type"] = JSON_TYPE
            body = json.dumps(self.json_body)
        elif self.form:
            headers["Content-Type"] = FORM_TYPE
            body = urlencode(self.form)
        else:
            return self.ask_list(url, "listing", read, headers=headers)
        return self.ask_list(url, "listing", read, headers=headers, method="POST", body=body)

    def read(self, response: Response, number: int) -> Iterator[Link | Request]:
        """The rows that have what `link` needs, none when the body is not as expected, and a request
        for the next list while there is something new."""
        try:
            answer = json.loads(_without_callback(response.body))
        except (ValueError, RecursionError):
            return
        found = list(self._links(_at(answer, self.rows)))
        goes_on = number < self.most_pages and self.goes_on(found, response)
        yield from found
        following = _at(answer, self.next_page) if self.next_page else None
        url = self.further(following, response) if isinstance(following, str) else ""
        if url and goes_on:
            yield self._ask(url, number + 1)

    def _links(self, rows: Any) -> Iterator[Link]:
        names = [name for _, name, _, _ in Formatter().parse(self.link) if name]
        for row in rows if isinstance(rows, list) else []:
            if isinstance(row, dict) and all(row.get(name) for name in names):
                title = one_line(str(row.get(self.titled, "")))
                published = one_line(str(row.get(self.dated, "")))
                yield Link(self.link.format_map(row), Listed(title=title, published=published))


def _at(value: Any, path: str) -> Any:
    """What stands at a path such as `data.items`; None when there is nothing."""
    for key in path.split(".") if path else []:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _without_callback(body: bytes) -> bytes:
    """The JSON inside JSONP: `callback({...})`."""
    wrapped = JSONP.fullmatch(body)
    return wrapped[1] if wrapped else body
