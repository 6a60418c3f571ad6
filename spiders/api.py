"""Sources with a list of articles in JSON."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from functools import partial
from typing import Any
from urllib.parse import urlencode

from scrapy import Request
from scrapy.http import Response

from shopwire.spiders.base import Source
from shopwire.spiders.decoding.charset import convert_to_utf8
from shopwire.spiders.decoding.feed_text import sanitize_line, strip_tags
from shopwire.spiders.decoding.parser_limits import UnreadableListError
from shopwire.spiders.decoding.stream import unpack_body
from shopwire.spiders.lists.json_values import (
    fill_template,
    get_by_path,
    has_page_number,
    set_page_number,
)
from shopwire.spiders.lists.reading import ListedLink
from shopwire.spiders.page import Listed
from shopwire.storage.crawl_log.outcomes import Outcome

JSONP = re.compile(rb"\s*[\w.$]{1,80}\((.*)\);?\s*", re.DOTALL)
JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"


class ApiSource(Source):
    """Reads JSON `lists`, one after another until one has no new links.

    `rows` is the path to the array of rows (`data.items`), `link` the URL of a page with paths of a row's
    values in braces (`https://example.com/news/{item.id}`); `titled` and `dated` are the paths of title and
    time; `next_page` is the path to the URL of the next list. With `form` or `json_body` the request is a
    POST. `{page}` in `lists`, `form` or `json_body` is the number of the page, from 1.
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

    async def start(self) -> AsyncIterator[Request]:
        """Yield a request for each first list."""
        for url in self.lists:
            yield self._request_list(url, number=1)

    def _request_list(self, url: str, number: int) -> Request:
        headers = {"Accept": JSON_TYPE}
        read = partial(self.read, number=number, template=url)
        body = ""
        if self.json_body:
            headers["Content-Type"] = JSON_TYPE
            body = json.dumps(set_page_number(self.json_body, number))
        elif self.form:
            headers["Content-Type"] = FORM_TYPE
            body = urlencode(set_page_number(self.form, number))
        page = set_page_number(url, number)
        method = "POST" if body else "GET"
        return self.request_list(page, "listing", read, headers=headers, method=method, body=body)

    def read(self, response: Response, number: int, template: str = "") -> Iterator[ListedLink | Request]:
        """Yield the rows with all values that `link` needs, and a request for the next list if this one has
        new links. Raises `UnreadableListError` for a body that has no such rows."""
        try:
            answer = json.loads(_unwrap_jsonp(convert_to_utf8(unpack_body(response.body))))
        except (ValueError, RecursionError) as error:
            raise UnreadableListError(Outcome.EMPTY_LIST, sanitize_line(f"no JSON: {error}")) from error
        rows = get_by_path(answer, self.rows) if self.rows else answer
        found = list(self._list_row_links(rows))
        if not found:
            raise UnreadableListError(Outcome.EMPTY_LIST, self._describe_rows(rows))
        continues = number < self.most_pages and self.has_new_links(found, response)
        yield from found
        next_page = get_by_path(answer, self.next_page) if self.next_page else None
        url = self.next_list_url(next_page, response) if isinstance(next_page, str) else ""
        if url and continues:
            yield self._request_list(url, number + 1)
        elif continues and has_page_number(template, self.form, self.json_body):
            yield self._request_list(template, number + 1)

    def _list_row_links(self, rows: Any) -> Iterator[ListedLink]:
        for number, row in enumerate(rows if isinstance(rows, list) else []):
            if isinstance(row, dict) and (url := fill_template(self.link, row)):
                title = strip_tags(str(get_by_path(row, self.titled) or ""))
                published = sanitize_line(str(get_by_path(row, self.dated) or ""))
                listed = Listed(title, "", published, self.dates.read(published))
                yield ListedLink(url, listed, rank=-number)

    def _describe_rows(self, rows: Any) -> str:
        """Return why rows give no links."""
        if not isinstance(rows, list):
            return f"JSON without a list at `{self.rows}`"
        return (
            f"{len(rows)} rows, none of which has the values of `{self.link}`"
            if rows
            else "a list without rows"
        )


def _unwrap_jsonp(body: bytes) -> bytes:
    """Return the JSON inside JSONP (`callback({...})`), any other body unchanged."""
    wrapped = JSONP.fullmatch(body)
    return wrapped[1] if wrapped else body
