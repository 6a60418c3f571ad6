"""Pieces of HTML written without a template are escaped as a template would do it."""

from markupsafe import Markup

from shopwire.storage.datasette.pages.html_pieces import (
    EMPTY,
    mark_pieces,
    show_in_words,
    write_query_row,
    write_source_options,
    write_table_row,
)

TITLES = {"b": "<b> & \u202eco", "a": "Á la carte"}
BAD = "<script>'\"&"
ESCAPED = "&lt;script&gt;&#39;&#34;&amp;"


def test_marked_pieces_are_text() -> None:
    assert mark_pieces([(BAD, False), ("x\u202e<", True)]) == f"{ESCAPED}<mark>x&lt;</mark>"
    assert mark_pieces([]) == ""


def test_the_chosen_source_is_selected() -> None:
    assert write_source_options({**TITLES, BAD: "zz"}, "b") == (
        '<option value="b" selected>&lt;b&gt; &amp; co</option>'
        f'<option value="{ESCAPED}">zz</option>'
        '<option value="a">Á la carte</option>'
    )


def test_codes_are_shown_in_words() -> None:
    assert show_in_words("a", "first_source", TITLES) == '<bdi title="a">Á la carte</bdi>'
    assert show_in_words(BAD, "source", TITLES) == f'<bdi title="{ESCAPED}">{ESCAPED}</bdi>'
    assert show_in_words("en, zh", "languages", TITLES) == "English, Chinese"
    assert show_in_words("a", "title", TITLES) == "a"
    assert show_in_words(EMPTY, "source", TITLES) == EMPTY
    assert show_in_words(None, "language", TITLES) is None


def test_a_row_of_a_table_has_its_cells() -> None:
    link = Markup('<a href="/source/a">a</a>')
    row = [
        {"column": "source", "raw": "a", "value": link, "value_type": "str"},
        {"column": "title", "raw": BAD, "value": BAD, "value_type": "str"},
        {"column": "author", "raw": None, "value": EMPTY, "value_type": "none"},
    ]
    assert write_table_row(row, ["c1", "c2", "c3"], ["source", 'a "title"', "author"], TITLES) == (
        '<td class="col-c1 type-str" data-label="source"><bdi title="a">Á la carte</bdi></td>'
        f'<td class="col-c2 type-str" data-label="a &#34;title&#34;">{ESCAPED}</td>'
        '<td class="col-c3 type-none empty" data-label="author">&nbsp;</td>'
    )


def test_a_row_of_a_query_has_its_cells() -> None:
    assert write_query_row([BAD, EMPTY, 3], ["x", "y", "z"], ["x", "y", "z"], ["X", "Y", "Z"], {}) == (
        f'<td class="col-x" data-label="X">{ESCAPED}</td>'
        '<td class="col-y empty" data-label="Y">&nbsp;</td>'
        '<td class="col-z" data-label="Z">3</td>'
    )
