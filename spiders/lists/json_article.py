"""Articles whose page is an empty shell: the site's own JSON request has the text."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from shopwire.spiders.lists.json_values import fill_template, fill_template_values, get_by_path, write_date
from shopwire.spiders.page import Listed, compose_html

# Characters of the shortest text that is taken for a body without a path.
LEAST_TEXT = 80
DEEPEST_VALUE = 8


@dataclass(frozen=True, slots=True)
class ArticleRequest:
    """The request for the JSON of an article; a POST if it has a body."""

    url: str
    body: str = ""
    content_type: str = ""


def build_article_request(
    row: Any, url: str, form: Mapping[str, str], json_body: Mapping[str, Any]
) -> ArticleRequest | None:
    """Return the request of a row's article, from templates with the paths of the row; None if a value is
    missing."""
    if not (filled := fill_template(url, row)):
        return None
    if json_body:
        body = json.dumps(fill_template_values(json_body, row))
        return ArticleRequest(filled, body, "application/json")
    if form:
        body = urlencode(fill_template_values(form, row))
        return ArticleRequest(filled, body, "application/x-www-form-urlencoded")
    return ArticleRequest(filled)


def build_article_page(answer: Any, listed: Listed, body: str, author: str, published: str) -> bytes:
    """Return a page with the article of a JSON answer; empty if it has none.

    `body`, `author` and `published` are paths. Without `body` it is the longest text of the answer.
    """
    text = get_by_path(answer, body) if body else max(_list_texts(answer), key=len, default="")
    if not isinstance(text, str) or not text.strip() or (not body and len(text) < LEAST_TEXT):
        return b""
    by = str(get_by_path(answer, author) or "") or listed.author
    at = write_date(get_by_path(answer, published)) or listed.published
    return compose_html(listed.title, by, at, text)


def _list_texts(value: Any, depth: int = 0) -> Iterator[str]:
    """Yield all texts of an answer."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)) and depth < DEEPEST_VALUE:
        for one in value.values() if isinstance(value, dict) else value:
            yield from _list_texts(one, depth + 1)
