"""Reads the rows of JSON lists, and the articles of JSON answers."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from shopwire.spiders.decoding.charset import convert_to_utf8
from shopwire.spiders.decoding.feed_text import sanitize_line, strip_tags
from shopwire.spiders.decoding.parser_limits import UnreadableListError
from shopwire.spiders.decoding.stream import unpack_body
from shopwire.spiders.decoding.xml import LONGEST_VALUE
from shopwire.spiders.lists.json_article import ArticleRequest, build_article_page, build_article_request
from shopwire.spiders.lists.json_values import (
    fill_template,
    get_by_path,
    list_values,
    load_json,
    write_date,
)
from shopwire.spiders.lists.list_dates import ListDates
from shopwire.spiders.lists.reading import ListedLink, NextList
from shopwire.spiders.page import Listed
from shopwire.spiders.readers.list_body import ListBody
from shopwire.storage.crawl_log.outcomes import Outcome

JSONP = re.compile(rb"\s*[\w.$]{1,80}\((.*)\);?\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads the rows of a JSON list; the fields are those of `ApiSource`."""

    dates: ListDates
    rows: str = ""
    link: str = ""
    titled: str = ""
    dated: str = ""
    next_page: str = ""
    article_url: str = ""
    article_form: Mapping[str, str] = field(default_factory=dict)
    article_json: Mapping[str, Any] = field(default_factory=dict)

    def read(self, body: ListBody) -> Iterator[ListedLink | NextList]:
        """Yield the rows with all values that `link` needs, and the next list. Raises `UnreadableListError`
        for a body that has no such rows."""
        answer = _parse_json(body)
        rows = get_by_path(answer, self.rows) if self.rows else answer
        is_empty = True
        for number, row in enumerate(list_values(rows) or []):
            if isinstance(row, dict) and (url := fill_template(self.link, row)):
                is_empty = False
                yield self._build_link(url[:LONGEST_VALUE], row, -number)
        if is_empty:
            raise UnreadableListError(Outcome.EMPTY_LIST, self._describe_rows(rows))
        if isinstance(url := get_by_path(answer, self.next_page), str):
            yield NextList(url[:LONGEST_VALUE])

    def _build_link(self, url: str, row: Any, rank: int) -> ListedLink:
        title = strip_tags(str(get_by_path(row, self.titled) or "")[:LONGEST_VALUE])
        published = sanitize_line(write_date(get_by_path(row, self.dated))[:LONGEST_VALUE])
        listed = Listed(title, "", published, self.dates.read(published))
        return ListedLink(url, listed, rank=rank, article=self._build_article_request(row))

    def _build_article_request(self, row: Any) -> ArticleRequest | None:
        if not self.article_url:
            return None
        return build_article_request(row, self.article_url, self.article_form, self.article_json)

    def _describe_rows(self, rows: Any) -> str:
        """Return why rows give no links."""
        if (found := list_values(rows)) is None:
            return f"JSON without a list at `{self.rows}`"
        return (
            f"{len(found)} rows, none of which has the values of `{self.link}`"
            if found
            else "a list without rows"
        )


def read_json_article(body: ListBody, listed: Listed, text: str, author: str, published: str) -> bytes:
    """Return a page with the article of a JSON answer, see `build_article_page`; empty if it has none."""
    try:
        answer = _parse_json(body)
    except UnreadableListError:
        return b""
    return build_article_page(answer, listed, text, author, published)


def _parse_json(body: ListBody) -> Any:
    """Return the value of a body of JSON, also inside JSONP (`callback({...})`). Raises
    `UnreadableListError`."""
    text = convert_to_utf8(unpack_body(body.content))
    wrapped = JSONP.fullmatch(text)
    try:
        return load_json(wrapped[1] if wrapped else text)
    except (ValueError, RecursionError) as error:
        raise UnreadableListError(Outcome.EMPTY_LIST, sanitize_line(f"no JSON: {error}")) from error
