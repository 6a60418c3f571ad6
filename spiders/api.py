"""Sources with a list of articles in JSON."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from scrapy import Request
from scrapy.http import Response

from shopwire.spiders.base import Source
from shopwire.spiders.decoding.feed_text import sanitize_line
from shopwire.spiders.decoding.parser_limits import UnreadableListError
from shopwire.spiders.lists.json_values import has_page_number, set_page_number
from shopwire.spiders.lists.reading import ListedPage
from shopwire.spiders.page import COMPOSED, FetchResult, Listed, Page
from shopwire.spiders.readers.list_asked import ListAsked
from shopwire.spiders.readers.list_body import build_list_body
from shopwire.spiders.readers.read_safely import read_safely
from shopwire.spiders.readers.row_reader import RowReader, read_json_article
from shopwire.storage.crawl_log.outcomes import Outcome

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
        body = ""
        if self.json_body:
            headers["Content-Type"] = JSON_TYPE
            body = json.dumps(set_page_number(self.json_body, number))
        elif self.form:
            headers["Content-Type"] = FORM_TYPE
            body = urlencode(set_page_number(self.form, number))
        follow = partial(self._request_next, number=number, template=url)
        asked = ListAsked(
            "listing",
            set_page_number(url, number),
            self.build_reader(),
            follow=follow,
            is_numbered=number > 1 and has_page_number(url, self.form, self.json_body),
        )
        return self.request_list(asked, headers=headers, method="POST" if body else "GET", body=body)

    def build_reader(self) -> RowReader:
        """Return what reads the lists of this source."""
        return RowReader(
            self.dates,
            self.rows,
            self.link,
            self.titled,
            self.dated,
            self.next_page,
            self.article_url,
            self.article_form,
            self.article_json,
        )

    def _request_next(self, named: str, response: Response, number: int, template: str) -> Request | None:
        """Return the request for the next list: the one that is `named`, else that of the next number."""
        if number >= self.most_pages:
            return None
        if url := self.next_list_url(named, response) if named else "":
            return self._request_list(url, number + 1)
        if has_page_number(template, self.form, self.json_body):
            return self._request_list(template, number + 1)
        return None

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

    async def parse_article(
        self, response: Response, name: str, listed: Listed
    ) -> AsyncIterator[Page | FetchResult]:
        """Yield the page of an article from its JSON, or why there is none."""
        paths = (self.article_body, self.article_author, self.article_published)
        try:
            body = await read_safely(self.pool, read_json_article, build_list_body(response), listed, *paths)
            outcome, reason = Outcome.THIN, f"no text in the JSON of the article: {response.url}"
        except UnreadableListError as error:
            body, outcome, reason = b"", error.outcome, str(error)
        if body:
            yield self.build_page(name, body, COMPOSED, listed, name)
        else:
            yield FetchResult(name, self.name, "page", datetime.now(UTC), outcome, sanitize_line(reason))
