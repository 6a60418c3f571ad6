"""The result of a page: an article, or the reason why it is none. Declares the fields of an article."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, get_type_hints

from shopwire.storage.crawl_log.outcomes import Outcome

if TYPE_CHECKING:
    import sqlite3

    from shopwire.pipelines.analyze_article import Analysis

# The version of the extraction that makes articles. Declared where it costs no import of the extraction.
EXTRACTOR = "shopwire 1"


class Column(NamedTuple):
    """The declaration of a field of an article, which is a column of `articles` of the same name.

    `export_type` is its SQL type in exports ("" leaves it out of them), `importable` says that a line
    of imported JSON may have it, `is_change` that another value makes the article an updated one,
    `is_count` that the stored value stays where a page no longer shows it, `is_form` that it is another
    form of the text, which is stored even where the article is not an updated one.
    """

    export_type: str = "VARCHAR"
    importable: bool = False
    is_change: bool = True
    is_count: bool = False
    is_form: bool = False


_Importable = partial(Column, importable=True)
_Internal = Column(export_type="", is_change=False)
_Count = Annotated[int | None, _Importable("BIGINT", is_change=False, is_count=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article without boilerplate. Text fields are "" where unknown.

    `published` and `updated` are ISO 8601 with offset, to the minute where the page has it (a bare
    day where it has not), `published_from` says where that date was found. `language` is an ISO
    639-1 code, `und` where it is unknown. `text` has one paragraph a line, `text_hash` is its hash (see
    `fingerprint.hash_text`), which is equal for exact duplicates. `markdown` is the text with its
    headings, lists, quotations, tables, links and emphasis (see `storage/text/markdown.py`).
    """

    url: Annotated[str, _Importable(is_change=False)]
    source: Annotated[str, _Importable(is_change=False)]
    title: Annotated[str, _Importable()]
    author: Annotated[str, _Importable()] = ""
    editor: Annotated[str, _Importable()] = ""
    published: Annotated[str, _Importable()] = ""
    published_from: Annotated[str, _Internal] = ""
    updated: Annotated[str, _Importable()] = ""
    fetched: Annotated[str, _Importable(is_change=False)]
    language: Annotated[str, _Importable()]
    origin: Annotated[str, _Importable()] = ""
    tags: Annotated[tuple[str, ...], _Importable("VARCHAR[]")] = ()
    views: _Count = None
    comments: _Count = None
    likes: _Count = None
    image: Annotated[str, _Importable()] = ""
    text: Annotated[str, _Importable()]
    markdown: Annotated[str, _Importable(is_change=False, is_form=True)] = ""
    text_from: Annotated[str, _Importable(is_change=False)] = ""
    text_hash: Annotated[int, Column(export_type="")]
    extractor: Annotated[str, _Internal]


COLUMNS: Mapping[str, Column] = {
    name: hint.__metadata__[0] for name, hint in get_type_hints(Article, include_extras=True).items()
}
"""The declaration of each field, in the order of exports."""

NULL_IF_UNKNOWN = ("published", "updated", "markdown")


def build_columns(article: Article) -> dict[str, Any]:
    """Return the values of an article as the columns of the table `articles`."""
    values = {name: getattr(article, name) for name in COLUMNS}
    values["tags"] = json.dumps(article.tags, ensure_ascii=False)
    return values | {name: values[name] or None for name in NULL_IF_UNKNOWN}


def build_article(row: "sqlite3.Row") -> Article:
    """Return the article of a row of `articles`."""
    values = {name: row[name] for name in COLUMNS}
    values["tags"] = tuple(json.loads(row["tags"]))
    return Article(**values | {name: values[name] or "" for name in NULL_IF_UNKNOWN})


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a page is not stored: the outcome of its fetch in the crawl log, and a sentence for people."""

    url: str
    outcome: Outcome
    reason: str


@dataclass(frozen=True, slots=True)
class Processed:
    """The result of a page, and the analysis of its article where one was made."""

    result: Article | Refusal
    analysis: "Analysis | None" = None
