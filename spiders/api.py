"""Sources with a list of articles in JSON."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
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
from shopwire.spiders.lists.json_article import ArticleRequest, build_article_page, build_article_request
from shopwire.spiders.lists.json_values import (
    fill_template,
    get_by_path,
    has_page_number,
    set_page_number,
    write_date,
)
from shopwire.spiders.lists.reading import ListedLink, ListedPage
from shopwire.spiders.page import FetchResult, Listed, Page
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

    Where the page of an article is an empty shell, `article_url` is the URL of its JSON, with `article_form`
    or `article_json` for a POST, all with paths of the row in braces. `article_body`, `article_author` and
    `article_published` are paths in its answer; without the first, the longest text is the body.
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
    article_url: str = ""
    article_form: dict[str, str] = {}
    article_json: dict[str, Any] = {}
    article_body: str = ""
    article_author: str = ""
    article_published: str = ""

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
                published = sanitize_line(write_date(get_by_path(row, self.dated)))
                listed = Listed(title, "", published, self.dates.read(published))
                yield ListedLink(url, listed, rank=-number, article=self._build_article_request(row))

    def _build_article_request(self, row: Any) -> ArticleRequest | None:
        if not self.article_url:
            return None
        return build_article_request(row, self.article_url, self.article_form, self.article_json)

    def build_page_request(self, page: ListedPage) -> Request | None:
        """Return the request for a page, or for the JSON that has its article; None over the limit."""
        request = super().build_page_request(page)
        if request is None or page.article is None:
            return request
        headers = {"Accept": JSON_TYPE, "Content-Type": page.article.content_type, **self.headers}
        return request.replace(
            url=page.article.url,
            method="POST" if page.article.body else "GET",
            body=page.article.body,
            headers={name: value for name, value in headers.items() if value},
            callback=self.parse_article,
        )

    def parse_article(self, response: Response, name: str, listed: Listed) -> Iterator[Page | FetchResult]:
        """Yield the page of an article from its JSON, or why there is none."""
        try:
            answer = json.loads(_unwrap_jsonp(convert_to_utf8(unpack_body(response.body))))
        except (ValueError, RecursionError):
            answer = None
        paths = (self.article_body, self.article_author, self.article_published)
        body = build_article_page(answer, listed, *paths)
        if body:
            yield Page(
                url=name,
                source=self.name,
                body=body,
                fetched=datetime.now(UTC),
                content_type="text/html; charset=utf-8",
                listed=listed,
                requested=name,
            )
        else:
            reason = f"no text in the JSON of the article: {response.url}"
            yield FetchResult(name, self.name, "page", datetime.now(UTC), Outcome.THIN, sanitize_line(reason))

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
