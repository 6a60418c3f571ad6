"""The search page: hits with filters, order, pages and the other names that were searched for."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus, urlencode

from datasette.database import QueryInterrupted
from datasette.utils.asgi import Request, Response

from shopwire.storage.datasette.access.visit_cookie import ID, find_visit
from shopwire.storage.datasette.pages.rendering import (
    DATABASE,
    Rows,
    check_permission,
    fetch_seldom_changed,
    read_rows,
    render_page,
)
from shopwire.storage.search.full_text import RANKED, build_match_query, build_typed_query
from shopwire.storage.search.query_terms import cut_query, find_entity, parse_query, remove_name
from shopwire.storage.search.result_page import FILTERS, ORDERS, build_page_query
from shopwire.storage.search.snippets import mark_hits

if TYPE_CHECKING:
    from datasette.app import Datasette

PAGE_SIZE = 20
LAST_PAGE = RANKED // PAGE_SIZE
ANYTHING = re.compile(".*")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
FORMS = {"since": DAY, "until": DAY, "after": ID}
"""What the value of a filter must look like."""
LANGUAGES = """
SELECT value, articles FROM facet_counts WHERE field = 'language' AND within = '*' ORDER BY articles DESC
"""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What the address of a search page asks for: words, filters with a value, order, page from 1 on."""

    words: str
    filters: Mapping[str, str]
    order: str
    page: int

    def build_address(self, **changes: Any) -> str:
        """Return the query string of this search with changes; without default values."""
        values = {"q": self.words, **self.filters, "sort": self.order, "page": self.page, **changes}
        defaults = {"sort": "relevance", "page": 1}
        wanted = {key: value for key, value in values.items() if value not in ("", defaults.get(key))}
        return urlencode(wanted, quote_via=quote_words)


def quote_words(text: str | bytes, *_: object) -> str:
    """Return a text as `quote_plus` does, for `urlencode`."""
    return "+".join(map(_quote_word, str(text).split(" ")))


# The addresses of a page have the same words, dozens of times for a word with many names.
_quote_word = lru_cache(maxsize=1024)(quote_plus)


@dataclass(frozen=True, slots=True)
class Chip:
    """Another name that is searched for, of the word typed, and the address of a search without it."""

    name: str
    of: str
    address: str


def read_request(request: Request) -> SearchRequest:
    """Return what a request asks for; a filter of the wrong form, and an unknown order, are ignored."""
    args = request.args
    given = {name: (args.get(name) or "").strip() for name in FILTERS}
    filters = {
        name: value for name, value in given.items() if value and FORMS.get(name, ANYTHING).fullmatch(value)
    }
    order = args.get("sort") or "relevance"
    number = args.get("page") or ""
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 5 else 1
    return SearchRequest(
        args.get("q") or "",
        filters,
        order if order in ORDERS else "relevance",
        min(max(page, 1), LAST_PAGE),
    )


def list_chips(asked: SearchRequest) -> Iterator[Chip]:
    """Yield the other names of the words that were typed."""
    terms = parse_query(asked.words)
    for term in terms:
        for name in term.others:
            address = asked.build_address(q=remove_name(terms, name), page=1)
            yield Chip(name, f"-{term.written}" if term.excluded else term.written, address)


async def find_hits(datasette: Datasette, asked: SearchRequest) -> Rows:
    """Return the hits of one page, each with its title and the text around the first match in pieces."""
    match = build_match_query(asked.words)
    if not match:
        return []
    typed = build_typed_query(asked.words)
    values: dict[str, Any] = {**asked.filters, "match": match, "typed": typed}
    if entity := find_entity(values.get("entity", "")):
        values["entity"] = entity.english
    sql = build_page_query(asked.filters, asked.order, match != typed)
    values |= {"most": PAGE_SIZE, "skip": (asked.page - 1) * PAGE_SIZE}

    def read(connection: sqlite3.Connection) -> Rows:
        rows = read_rows(datasette, connection, sql, values)
        for row in rows:
            row["title_pieces"] = mark_hits(row["title"], asked.words, width=160)
            row["pieces"] = mark_hits(row["text"], asked.words, width=160)
        return rows

    found: Rows = await datasette.get_database(DATABASE).execute_fn(read)
    return found


async def show_search(datasette: Datasette, request: Request) -> Response:
    """Return the hits for the words in `?q=`, one for each story."""
    await check_permission(datasette, request)
    asked = read_request(request)
    found: Rows = []
    too_many = False
    try:
        found = await find_hits(datasette, asked)
    except QueryInterrupted:
        too_many = True
    total = found[0]["total"] if found else 0
    visit = find_visit(request)
    values = {
        "asked": asked,
        "words": asked.words,
        "found": found,
        "total": total,
        "too_many": too_many,
        "is_cut": cut_query(asked.words) != asked.words,
        "before": bool(visit and visit.before),
        "chips": list(list_chips(asked)),
        "languages": list(await fetch_seldom_changed(datasette, LANGUAGES)),
        "previous": asked.build_address(page=asked.page - 1) if asked.page > 1 else "",
        "next": asked.build_address(page=asked.page + 1) if total > asked.page * PAGE_SIZE else "",
        "pages": -(-total // PAGE_SIZE),
    }
    return await render_page(datasette, request, "search.html", values)
