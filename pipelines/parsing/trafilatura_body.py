"""Reads the body that trafilatura has found as lines, each as plain text and as Markdown.

trafilatura converts each block of the body to both (https://trafilatura.readthedocs.io). Its Markdown has
no quotations, and some that is read otherwise than it was written; both is mended here.
"""

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from lxml import etree
from trafilatura.xml import xmltotxt

from shopwire.pipelines.parsing.visible_text import tidy_line
from shopwire.storage.text.markdown import (
    ESCAPED,
    ROW_RULE,
    WEB_SCHEMES,
    MarkdownLine,
    count_cells,
    escape_markdown,
    has_syntax,
    pad_row,
    read_cells,
    read_plain_lines,
    write_rule,
)

STAND_INS = str.maketrans("\u200c\u200d", "\U0001d159\U0001d15a")
"""trafilatura removes joiners, which Persian words and emoji need; these characters are in no text."""
MARKS = {
    "list": re.compile(r"(?:- |\d{1,9}\. )?"),
    "head": re.compile(r"#{1,6} "),
    "p": re.compile(r"(?:- )?"),
}
"""The marks before the text of a line, by the element of trafilatura's document that it is in."""

PLAIN_LINK_OR_EMPHASIS = re.compile(
    r"\[([^\[\]]+)\]\(https?://[^\s\x00-\x1f\x7f()<>\[\]\\`]+\)|(?<!\*)(\*{1,2})(\w(?:[^*]*\w)?)\2(?!\*)"
)
"""A link or an emphasis that CommonMark reads as such wherever it is, as no syntax is within it."""

MASKED = 0xE000
"""The start of the private use area, in which an escaped character is no syntax and no part of a word."""
UNMASKED = {MASKED + code: code for code in range(0x21, 0x7F)}

EMPHASIS_MARKS = {"#b": "**", "#i": "*"}
"""The marks of an emphasis by its kind in trafilatura's document."""

ENTITY = re.compile(r"&#?\w+;")
INLINE = frozenset(("hi", "ref"))
"""Emphasis and links in trafilatura's document."""


def read_body(body: etree._Element, url: str) -> list[MarkdownLine]:
    """Return the lines of a body that trafilatura has found in the page at `url`; it is changed."""
    return [line for block, element in enumerate(body) for line in _read_block(element, block, url)]


def _read_block(element: etree._Element, block: int, url: str) -> Iterator[MarkdownLine]:
    """Yield the lines of a block of trafilatura's document, which is changed.

    A line of which the Markdown would be read as another text is escaped text, without links and emphasis.
    """
    if _is_plain(element):
        # Most blocks are paragraphs and headings that need no conversion.
        texts = [tidy_line(text) for text in _restore_joiners(element.text or "").split("\n")]
        if element.tag == "p":
            for text in filter(None, (text.removeprefix("- ") for text in texts)):
                yield MarkdownLine(text, escape_markdown(text), block)
            return
        if _is_printable(element) and not has_syntax(texts[0]):
            start = _write_heading_mark(element)
            yield from (MarkdownLine(text, start + text, block) for text in texts if text)
            return
    if simple := _read_simple(element, block, url):
        yield simple
        return
    _prepare_block(element, url)
    written = _convert(element, is_markdown=True)
    etree.strip_tags(element, *INLINE)
    if _is_plain(element) and _is_printable(element):
        plain = list(filter(str.strip, [_restore_joiners(element.text or "")]))
    else:
        plain = _convert(element, is_markdown=False)
    has_rows = element.find(".//row") is not None
    width = max(map(count_cells, map(str.strip, written)), default=0)
    mark = MARKS.get(str(element.tag), MARKS["p"])
    start = "> " if element.tag == "quote" and not has_rows else ""
    for line, markdown in zip(plain, written if len(written) == len(plain) else plain, strict=True):
        depth = (len(markdown) - len(markdown.lstrip(" "))) // 2 if element.tag == "list" else 0
        text, checked = tidy_line(line), tidy_line(markdown)
        if has_rows and text.startswith("|"):
            text = " | ".join(read_cells(text))
            checked = pad_row(_check_row(text, checked), width)
        else:
            text = text.removeprefix("- ")
            checked = start + _check_line(text, checked, mark)
        if text:
            yield MarkdownLine(text, checked, block, depth)


def _read_simple(element: etree._Element, block: int, url: str) -> MarkdownLine | None:
    """Return the line of a paragraph or heading of text, links and emphasis without any other syntax, None of
    another block.

    Most paragraphs with links are such, and trafilatura would need several passes over them.
    """
    if element.tag not in {"p", "head"} or element.tail:
        return None
    plain, written = [element.text or ""], [element.text or ""]
    for part in element:
        text, tail = part.text or "", part.tail or ""
        core = text.strip()
        if len(part) or not core:
            return None
        plain += text, tail
        if part.tag == "ref":
            target = _resolve(url, part.get("target") or "")
            written += text.replace(core, f"[{core}]({target})", 1) if target else text, tail
        elif core == text and (tail.strip() or part.getnext() is None):
            mark = EMPHASIS_MARKS.get(part.get("rend") or "")
            if not mark:
                return None
            written += f"{mark}{text}{mark}", tail
        else:
            return None
    text, markdown = (_restore_joiners("".join(pieces)).replace("\n", " ") for pieces in (plain, written))
    if "&" in text or ENTITY.search(markdown) or len(text.splitlines()) > 1:
        return None
    text, markdown = tidy_line(text), tidy_line(markdown)
    if not text or not text.isprintable() or has_syntax(text) or not _is_read_as(markdown, text):
        return None
    return MarkdownLine(text, _write_heading_mark(element) + markdown, block)


def _write_heading_mark(element: etree._Element) -> str:
    """Return what is before the text of a heading, "" for a paragraph."""
    return f"{'#' * int((element.get('rend') or 'h2')[1:])} " if element.tag == "head" else ""


def _restore_joiners(text: str) -> str:
    # Hardly any text has one, and then replacing is much faster than translating.
    for joiner, stand_in in STAND_INS.items():
        text = text.replace(chr(stand_in), chr(joiner))
    return text


def _is_plain(element: etree._Element) -> bool:
    """Return whether the text of a paragraph or heading is what trafilatura would write as plain text."""
    has_more = len(element) or element.tail or "&" in (element.text or "")
    return element.tag in {"p", "head"} and not has_more


def _is_printable(element: etree._Element) -> bool:
    """Return whether a text has neither line breaks nor characters that trafilatura removes."""
    return (element.text or "").isprintable()


def _convert(element: etree._Element, is_markdown: bool) -> list[str]:
    lines = _restore_joiners(xmltotxt(element, include_formatting=is_markdown)).split("\n")
    return [line for line in lines if line.strip() and not ROW_RULE.fullmatch(line.strip())]


def _prepare_block(element: etree._Element, url: str) -> None:
    """Remove links other than to the web, resolve relative ones, and remove line breaks around links."""
    if element.tag in INLINE:
        element.tag = "p"
    for part in list(element.iter(*INLINE)):
        parent = part.getparent()
        assert parent is not None  # `element` itself is none of them
        part.text = _join_lines(part.text)
        # Beside other elements, trafilatura writes line breaks as they are in the page.
        if INLINE.issuperset(child.tag for child in parent):
            parent.text, part.tail = _join_lines(parent.text), _join_lines(part.tail)
        if part.tag == "ref":
            target = _resolve(url, part.get("target") or "")
            if target:
                part.set("target", target)
            else:
                part.tag = "hi"


def _resolve(url: str, target: str) -> str:
    """Return the URL of a link to the web, "" of any other."""
    try:
        resolved = urljoin(url, target.strip()) if target else ""
    except ValueError:
        return ""
    return resolved if resolved.lower().startswith(WEB_SCHEMES) else ""


def _join_lines(text: str | None) -> str | None:
    return text.replace("\n", " ") if text else text


def _check_line(text: str, markdown: str, mark: re.Pattern[str]) -> str:
    """Return the Markdown of a line, escaped text where it would be read as another text."""
    found = mark.match(markdown)
    start = found.group() if found else ""
    rest = markdown[len(start) :]
    if _is_read_as(rest, text):
        return markdown
    if rest == text or rest.startswith("|") or read_plain_lines(markdown) != [text]:
        return start + escape_markdown(text)
    return markdown


def _is_read_as(markdown: str, text: str) -> bool:
    """Return whether Markdown of plain text, links, emphasis and escaped characters is read as a text."""
    masked = (
        ESCAPED.sub(lambda found: chr(MASKED + ord(found[1])), markdown) if "\\" in markdown else markdown
    )
    rest = PLAIN_LINK_OR_EMPHASIS.sub(r"\1\3", masked)
    return (rest.translate(UNMASKED) if masked is not markdown else rest) == text and not has_syntax(rest)


def _check_row(text: str, markdown: str) -> str:
    """Return the Markdown of a row, escaped text where it would be read as another text."""
    if read_cells(markdown) == text.split(" | ") and not has_syntax(text.replace(" | ", "")):
        return markdown
    if read_plain_lines(f"{markdown}\n{write_rule(markdown)}") == [text]:
        return markdown
    cells = (escape_markdown(cell).replace("|", "\\|") for cell in text.split(" | "))
    return f"| {' | '.join(cells)} |"
