"""HTML of which a page has hundreds of pieces: a template needs several times as long for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from shopwire.storage.datasette.pages.template_filters import name_languages, shorten, strip_controls

MARK, END_MARK = Markup("<mark>"), Markup("</mark>")
OPTION, CHOSEN, END, END_OPTION = (
    Markup('<option value="'),
    Markup('" selected>'),
    Markup('">'),
    Markup("</option>"),
)
CELL, END_CELL = Markup('<td class="col-{}" data-label="{}">'), Markup("</td>")
NAMED = Markup('<bdi title="{}">{}</bdi>')
EMPTY = Markup("&nbsp;")
"""What Datasette shows for NULL and for an empty text."""
SOURCE_COLUMNS = ("source", "copied_by", "first_source")
LANGUAGE_COLUMNS = ("language", "languages")


def mark_pieces(pieces: Iterable[tuple[str, bool]]) -> Markup:
    """Return the pieces of an excerpt as HTML in which the hits are marked."""

    def list_pieces() -> Iterator[str]:
        for piece, hit in pieces:
            yield from (MARK, strip_controls(piece), END_MARK) if hit else (strip_controls(piece),)

    return Markup("").join(list_pieces())


def write_source_options(titles: Mapping[str, str], chosen: str | None) -> Markup:
    """Return the options of a select element for sources by their titles, in alphabetical order."""
    return _write_options(tuple(titles.items()), chosen)


# Every search has them, and sources seldom change.
@lru_cache(maxsize=64)
def _write_options(titles: tuple[tuple[str, str], ...], chosen: str | None) -> Markup:
    def list_pieces() -> Iterator[str]:
        for name, title in sorted(titles, key=lambda one: one[1].casefold()):
            yield from (OPTION, name, CHOSEN if name == chosen else END, shorten(title, 40), END_OPTION)

    return Markup("").join(list_pieces())


def show_in_words(value: Any, column: str, titles: Mapping[str, str]) -> Any:
    """Return the title of a source and the name of a language in the columns of such; other values as they
    are."""
    if value is None or value == EMPTY:
        return value
    if column in SOURCE_COLUMNS:
        return NAMED.format(value, shorten(titles.get(str(value), str(value)), 60))
    return name_languages(value) if column in LANGUAGE_COLUMNS else value


def write_table_row(
    row: Iterable[Mapping[str, Any]], classes: Sequence[str], labels: Sequence[str], titles: Mapping[str, str]
) -> Markup:
    """Return the cells of a row of one of Datasette's tables; `classes` and `labels` are of its columns."""

    def list_pieces() -> Iterator[str]:
        for cell, name, label in zip(row, classes, labels, strict=True):
            column, raw = cell["column"], cell["raw"]
            kind = f"{name} type-{cell['value_type']}{' empty' if raw in (None, '') else ''}"
            # Datasette shows a source as a link to its row.
            shown = show_in_words(raw if column == "source" else cell["value"], column, titles)
            yield from (_begin_cell(kind, label), shown, END_CELL)

    return Markup("").join(list_pieces())


def write_query_row(
    row: Iterable[Any],
    columns: Sequence[str],
    classes: Sequence[str],
    labels: Sequence[str],
    titles: Mapping[str, str],
) -> Markup:
    """Return the cells of a row that a query has found."""

    def list_pieces() -> Iterator[str]:
        for value, column, name, label in zip(row, columns, classes, labels, strict=True):
            kind = f"{name} empty" if value in ("", EMPTY) else name
            yield from (_begin_cell(kind, label), show_in_words(value, column, titles), END_CELL)

    return Markup("").join(list_pieces())


# A table has hundreds of cells of a few kinds.
@lru_cache(maxsize=1024)
def _begin_cell(kind: str, label: str) -> Markup:
    return CELL.format(kind, label)


WRITERS = (mark_pieces, write_source_options, show_in_words, write_table_row, write_query_row)
