"""Markdown is read as the text it was written from, whatever that is, and shown without live markup."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopwire.storage.text.markdown import (
    MarkdownLine,
    escape_markdown,
    join_markdown,
    read_plain_lines,
    render_html,
    select_lines,
)

LIST = [
    MarkdownLine("Fees", "## Fees", 0),
    MarkdownLine("fruit", "- fruit", 1),
    MarkdownLine("apples", "- apples", 1, 1),
    MarkdownLine("red", "- red", 1, 2),
    MarkdownLine("nuts", "- nuts", 1),
    MarkdownLine("one", "1. one", 2),
    MarkdownLine("half", "- half", 2, 1),
    MarkdownLine("in the same item", "in the same item", 2, 1),
]
TABLE = [
    MarkdownLine("Shop | Fee", "| Shop | Fee |", 3),
    MarkdownLine("Temu | 5 %", "| Temu | 5 % |", 3),
    MarkdownLine("Shein | 7 %", "| Shein | 7 % |", 3),
    MarkdownLine("Year | 2026", "| Year | 2026 |", 4),
    MarkdownLine("he said", "> he said", 5),
    MarkdownLine("and left", "> and left", 5),
    MarkdownLine("The end.", "The end.", 6),
]
LINES = [*LIST, *TABLE]
# What has a meaning in Markdown, so that random texts often have some.
PIECES = st.sampled_from(
    [
        "#",
        "*",
        "**",
        "_",
        "`",
        "~~",
        "[",
        "](",
        ")",
        "!",
        "<b>",
        "&amp;",
        "&#60;",
        "\\",
        "|",
        "> ",
        "- ",
        "+ ",
        "1. ",
        "2) ",
        "---",
        "===",
        "http://a.example",
        "a",
        "淘宝",
        "。",
        " ",
        "“",
        "$",
        "\\(",
        "]: ",
    ]
)


@given(
    pieces=st.lists(PIECES | st.text(max_size=3), max_size=12), mark=st.sampled_from(["", "- ", "## ", "> "])
)
def test_escaped_text_is_read_as_it_was(pieces: list[str], mark: str) -> None:
    text = " ".join("".join(pieces).replace("\x00", "").split())
    expected = [text] if text else []
    assert read_plain_lines(mark + escape_markdown(text) if text else "") == expected


@given(wanted=st.lists(st.booleans(), min_size=len(LINES), max_size=len(LINES)))
def test_any_lines_may_be_missing(wanted: list[bool]) -> None:
    left = [line for line, is_wanted in zip(LINES, wanted, strict=True) if is_wanted]
    markdown = join_markdown(left)
    assert read_plain_lines(markdown) == [line.text for line in left]
    assert select_lines(join_markdown(LINES), wanted) == markdown


def test_lists_and_tables_are_written_as_such() -> None:
    assert join_markdown(LIST) == (
        "## Fees\n\n- fruit\n    - apples\n        - red\n- nuts\n\n"
        "1. one\n    - half\n\n    in the same item"
    )
    assert join_markdown(TABLE[:4]) == (
        "| Shop | Fee |\n|---|---|\n| Temu | 5 % |\n| Shein | 7 % |\n\n| Year | 2026 |\n|---|---|"
    )
    html = render_html(join_markdown(LINES))
    assert re.sub(r' dir="auto"', "", html).count("<table>") == 2
    assert html.count("<ul") == 4
    assert html.count("<blockquote") == 1


def test_lines_of_other_markdown_cannot_be_selected() -> None:
    assert select_lines("Heading\n=======\n\nText", [True, False]) == ""


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "text <b onclick='alert(1)'>bold</b>",
    "<!-- <p> -->\n\n<p onclick=alert(1)>\n\n<?php x ?>\n\n<![CDATA[ <b> ]]>",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt:alert(1))",
    "[click](&#106;avascript:alert(1))",
    "[click](vbscript:x) [click](data:text/html,<script>alert(1)</script>) [click](file:///etc/passwd)",
    "[click](//evil.example/x) [click](/admin) [click](ftp://a.example/x)",
    "[click]: javascript:alert(1)\n\n[click]",
    "<javascript:alert(1)> <data:text/html,x>",
    "![a](http://evil.example/pixel.png)",
    "![a](javascript:alert(1))",
    "![a][b]\n\n[b]: data:image/svg+xml,<svg>",
    "```html\n<script>alert(1)</script>\n```",
    "    <script>alert(1)</script>",
    "| <script> | <img src=x onerror=y> |\n|---|---|\n| <iframe src=a> | `<b>` |",
    "# <svg onload=alert(1)>",
    "> - <style>*{}</style>",
]
ALLOWED = "p|h[2-6]|ul|ol|li|blockquote|table|thead|tbody|tr|th|td|strong|em|code|pre|br|hr"
LINK = r'<a href="https?://[^"<>]+" rel="nofollow noopener">|</a>'
TAG = re.compile(rf'{LINK}|</?(?:{ALLOWED})(?: dir="auto"| class="language-\w+"| start="\d+")*>')


@pytest.mark.parametrize("markdown", HOSTILE)
def test_markup_of_a_page_is_never_live(markdown: str) -> None:
    html = render_html(markdown)
    assert "<" not in TAG.sub("", html)


def test_a_link_leads_to_the_web_and_nowhere_else() -> None:
    html = render_html("""[a](https://a.example/?x=1&y="2 "onclick=alert(1)") <http://b.example/>""")
    assert html == (
        '<p dir="auto"><a href="https://a.example/?x=1&amp;y=%222" rel="nofollow noopener">a</a> '
        '<a href="http://b.example/" rel="nofollow noopener">http://b.example/</a></p>\n'
    )


def test_a_heading_is_never_larger_than_the_title_of_the_page() -> None:
    assert "<h1" not in render_html("# Title\n\nOther\n=====")
