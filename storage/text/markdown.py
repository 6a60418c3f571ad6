"""The Markdown of an article: CommonMark with the tables of GFM, of which each line is one line of its text.

It is written from lines (`join_markdown`), read as plain text (`read_plain_lines`) and shown as HTML
(`render_html`). Whatever a page's author wrote stays text: HTML is never markup, and images and links
other than to the web are not read as such.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

WEB_SCHEMES = ("http://", "https://")

# A pattern that begins with a set of characters is searched for much faster than one with alternatives.
INLINE_SYNTAX = re.compile(r"[\\`*_~\[\]<&](?:(?<!&)|(?=[#\w]+;))")
# What begins a block, and what may close a heading (CommonMark 0.31, sections 4 and 5).
FIRST = re.compile(r"^[#>+=|-]")
NUMBER = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
LAST = re.compile(r"(?<=\s)#(?=#*$)")
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
ROW_RULE = re.compile(r"\|(?:---\|)+")
CELL_END = re.compile(r"(?<!\\)\|")
ITEM = re.compile(r"(?:- |\d{1,9}\. )")
INDENT = 4
"""Spaces a level of a list: enough below the number of an ordered item, and less than a block of code."""
TOP_HEADING = 2
"""The largest heading within an article, whose title is of level 1."""


class MarkdownLine(NamedTuple):
    """A line of an article as plain text and as Markdown.

    Lines of the same list, table, quotation or paragraph have the same number `block`. `depth` is the
    level of a list, 0 the outermost.
    """

    text: str
    markdown: str
    block: int
    depth: int = 0


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 - markdown-it's name
        """Return whether a URL may become a link."""
        return url.lower().startswith(WEB_SCHEMES)


PARSER = _Parser("commonmark", {"html": False}).enable("table").disable("image")


def read_plain_lines(markdown: str) -> list[str]:
    """Return the lines of text of Markdown, without marks and without empty lines.

    The cells of a row are joined by " | ", as in an article's text.
    """
    lines: list[str] = []
    row: list[str] | None = None
    for token in PARSER.parse(markdown):
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            lines.append(" | ".join(filter(None, row)))
            row = None
        elif token.type == "inline" and row is not None:
            row.append(" ".join(_read_inline(token).split()))
        elif token.type == "inline":
            lines += _read_inline(token).split("\n")
        else:
            lines += token.content.split("\n")
    return [" ".join(line.split()) for line in lines if line.strip()]


def _read_inline(token: Token) -> str:
    breaks = {"softbreak": " ", "hardbreak": "\n"}
    return "".join(breaks.get(child.type, child.content) for child in token.children or ())


def has_syntax(text: str) -> bool:
    """Return whether anything in a line of plain text may be read otherwise as Markdown."""
    found = INLINE_SYNTAX.search(text) or FIRST.match(text) or NUMBER.match(text)
    return found is not None or (text.endswith("#") and LAST.search(text) is not None)


def escape_markdown(text: str) -> str:
    """Return one line of plain text as Markdown."""
    if not has_syntax(text):
        return text
    text = INLINE_SYNTAX.sub(r"\\\g<0>", text)
    text = NUMBER.sub(r"\1\\\2", FIRST.sub(r"\\\g<0>", text))
    return LAST.sub(r"\\\g<0>", text, count=1)


def read_cells(row: str) -> list[str]:
    """Return the texts of the cells of a row that have one."""
    cells = (cell.strip().replace("\\|", "|") for cell in CELL_END.split(row))
    return [cell for cell in cells if cell]


def count_cells(row: str) -> int:
    """Return how many cells a row has, empty ones included; 0 for another line."""
    return len(CELL_END.findall(row)) - 1 if _is_row(row) else 0


def pad_row(row: str, width: int) -> str:
    """Return a row with empty cells up to a number: what exceeds the head of a table is not shown."""
    return row + " |" * (width - count_cells(row))


def join_markdown(lines: Iterable[MarkdownLine]) -> str:
    """Return the Markdown of lines, of which others before, between and after them may be missing."""
    pieces: list[str] = []
    before: MarkdownLine | None = None
    for line in lines:
        same = before is not None and before.block == line.block
        depth = 0
        if before and same:
            depth = min(line.depth, before.depth + bool(ITEM.match(before.markdown)))
            pieces.append(_separate(before.markdown, line.markdown))
        elif before:
            pieces.append("\n\n")
        pieces.append(" " * INDENT * depth + line.markdown)
        # GFM has no table without a head, so the first row that there is becomes it.
        if _is_row(line.markdown) and not (before and same and _is_row(before.markdown)):
            pieces.append(f"\n{write_rule(line.markdown)}")
        before = line._replace(depth=depth)
    return "".join(pieces)


def write_rule(row: str) -> str:
    """Return the line below the head of a table, of which `row` is a row."""
    return "|" + "---|" * count_cells(row)


def _separate(before: str, line: str) -> str:
    """Return what is between two lines of the same block."""
    if before.startswith(">") and line.startswith(">"):
        return "\n>\n"
    if _is_row(before) and _is_row(line):
        return "\n"
    return "\n" if ITEM.match(before) and ITEM.match(line) else "\n\n"


def _is_row(line: str) -> bool:
    return line.startswith("|")


def select_lines(markdown: str, wanted: Sequence[bool]) -> str:
    """Return Markdown with only the wanted lines of its text, "" where its lines are not those of the text.

    The latter can be only in Markdown that `join_markdown` has not written.
    """
    lines = _split_markdown(markdown)
    if len(lines) != len(wanted):
        return ""
    return join_markdown(line for line, is_wanted in zip(lines, wanted, strict=True) if is_wanted)


def _split_markdown(markdown: str) -> list[MarkdownLine]:
    """Return the lines that `join_markdown` has joined, without their texts."""
    lines: list[MarkdownLine] = []
    block, is_apart = 0, False
    for line in markdown.split("\n"):
        content = line.lstrip(" ")
        depth = (len(line) - len(content)) // INDENT
        # What is indented continues the list above.
        block += is_apart and not depth
        is_apart = not content
        if content and content != ">" and not ROW_RULE.fullmatch(content):
            lines.append(MarkdownLine("", content, block, depth))
    return lines


def render_html(markdown: str) -> str:
    """Return HTML of Markdown: text, headings, lists, quotations, tables, emphasis and links to the web.

    It is safe to show: everything else is escaped.
    """
    tokens = PARSER.parse(markdown)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{max(TOP_HEADING, int(token.tag[1:]))}"
        if token.nesting == 1:
            token.attrSet("dir", "auto")
        for child in token.children or ():
            if child.type == "link_open":
                child.attrs = {"href": str(child.attrs["href"]), "rel": "nofollow noopener"}
    return str(PARSER.renderer.render(tokens, PARSER.options, {}))
