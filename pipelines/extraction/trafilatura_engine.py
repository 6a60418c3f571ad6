"""Prepares the region of an article for trafilatura, which strips its boilerplate.

trafilatura (https://aclanthology.org/2021.acl-demo.15) reads either the article that `prepare_article`
copies into an empty page, or a whole page.
"""

import re
from typing import NamedTuple

from lxml import etree, html
from trafilatura import bare_extraction
from trafilatura.settings import Document

from shopwire.pipelines.extraction.regions import (
    CELLS,
    HEADINGS,
    NEVER_TEXT,
    SENTENCE_END,
    Line,
    Region,
    is_data_table,
)
from shopwire.pipelines.parsing.visible_text import INLINE_TAGS, is_shown
from shopwire.storage.text.characters import NOT_IN_XML, SURROGATES

EMPTY_PAGE = '<html><body><article itemprop="articleBody"></article></body></html>'
"""trafilatura looks for this attribute before all others, and takes a part of a page without it."""

NOT_XML = re.compile(f"[{NOT_IN_XML}{SURROGATES}]")
STAND_INS = str.maketrans("\u200c\u200d", "\U0001d159\U0001d15a")
"""trafilatura removes joiners, which Persian words and emoji need; these characters are in no text."""
JOINERS = {stand_in: joiner for joiner, stand_in in STAND_INS.items()}
MAX_LINK_LENGTH = 100
LISTS = frozenset(("dl", "ol", "ul"))
ITEMS = frozenset(("dd", "dt", "li"))
STRUCTURE_TAGS = HEADINGS | {"blockquote", "p", "pre"}


class _Kept(NamedTuple):
    """What of a page is copied: block elements, and the texts of lines."""

    elements: set[html.HtmlElement]
    texts: set[str]


def prepare_article(region: Region, lines: list[Line]) -> html.HtmlElement:
    """Return a new page that has nothing but the elements of the lines, most of which are in `region`.

    Lines before the region become paragraphs. Text outside a paragraph, a list or a data table does
    too, since trafilatura does not expect it anywhere else.
    """
    page = html.document_fromstring(EMPTY_PAGE)
    article = page[0][0]
    kept = _Kept({region.element}, {_clean(line.text) for line in lines})
    for line in lines:
        path: list[html.HtmlElement] = []
        element = line.region.element
        while element is not None and element not in kept.elements:
            path.append(element)
            element = element.getparent()
        if element is None:
            etree.SubElement(article, "p").text = _clean(line.text)
        else:
            kept.elements.update(path)
    _copy_block(region.element, article, kept)
    return page


def extract_lines(page: html.HtmlElement) -> list[str]:
    """Return the lines that trafilatura finds in a page, which is not changed.

    The cells of a row are joined by " | ".
    """
    document = bare_extraction(page, fast=True, include_comments=False, with_metadata=False)
    text = document.text if isinstance(document, Document) else None
    text = (text or "").translate(JOINERS)
    return list(filter(None, map(_strip_markers, text.splitlines())))


def _strip_markers(line: str) -> str:
    """Return a line without the mark of a list item and the outer marks of a row."""
    line = line.strip()
    if line.startswith("|"):
        cells = (cell.strip() for cell in line.split("|"))
        return " | ".join(cell for cell in cells if cell.strip("-"))
    return line.removeprefix("- ")


def _join_words(element: html.HtmlElement) -> str:
    return " ".join("".join(element.itertext()).split())


def _clean(text: str | None) -> str:
    """Return a text without the characters that lxml reads in HTML but does not write."""
    text = text or ""
    return text if text.isprintable() else NOT_XML.sub(" ", text.translate(STAND_INS))


def _copy_block(source: html.HtmlElement, target: html.HtmlElement, kept: _Kept) -> None:
    """Append a copy of a block element to `target`."""
    name = str(source.tag)
    if name == "table" and is_data_table(source):
        _copy_rows(source, etree.SubElement(target, name), kept)
        return
    is_leaf = kept.elements.isdisjoint(source)
    if _is_layout(source, target, kept):
        name = "p" if is_leaf else "div"
    # Within a `div` of its own a short paragraph with links would be taken for a list of links.
    if name != "div" or sum(child in kept.elements for child in source) > 1:
        names = {key: _clean(source.get(key, "")) for key in ("class", "id")} if source.keys() else {}
        target = etree.SubElement(target, name, names)
    if is_leaf:
        _copy_leaf(source, target)
    else:
        _copy_blocks(source, target, kept)


def _is_layout(source: html.HtmlElement, target: html.HtmlElement, kept: _Kept) -> bool:
    """Return whether an element has no meaning of its own, as a list whose items have several blocks."""
    if source.tag in LISTS:
        return any(sum(child in kept.elements for child in item) > 1 for item in source)
    if source.tag in ITEMS:
        return target.tag not in LISTS
    return source.tag not in STRUCTURE_TAGS or (source.tag == "p" and not kept.elements.isdisjoint(source))


def _copy_rows(source: html.HtmlElement, target: html.HtmlElement, kept: _Kept) -> None:
    for row in source.iter("caption", "tr"):
        if row in kept.elements:
            copy = etree.SubElement(target, str(row.tag))
            for cell in row.iterchildren(*CELLS) if row.tag == "tr" else [row]:
                part = copy if cell is row else etree.SubElement(copy, str(cell.tag))
                part.text = _clean(_join_words(cell))


def _add_inline(source: html.HtmlElement, target: html.HtmlElement) -> html.HtmlElement:
    """Return a new last child of `target`, a link where the inline element is one with text."""
    if source.tag != "a":
        return etree.SubElement(target, str(source.tag))
    # A paragraph would be taken for a list of links for a link round an image, or round a sentence.
    text = "".join(source.itertext()).strip()
    if not text or (len(text) >= MAX_LINK_LENGTH and SENTENCE_END.search(text)):
        return etree.SubElement(target, "span")
    return etree.SubElement(target, "a", href=_clean(source.get("href", "")))


def _copy_blocks(source: html.HtmlElement, target: html.HtmlElement, kept: _Kept) -> None:
    """Append copies of the kept content of `source`, in which lines between blocks are paragraphs."""
    run = target.makeelement("p")
    run.text = _clean(source.text)
    for child in source:
        is_kept = child in kept.elements
        if not is_kept and (child.tag in INLINE_TAGS or child.tag in NEVER_TEXT):
            _append_inline(child, run)
            continue
        if _join_words(run) in kept.texts:
            target.append(run)
        if is_kept:
            _copy_block(child, target, kept)
        run = target.makeelement("p")
        run.text = _clean(child.tail)
    if _join_words(run) in kept.texts:
        target.append(run)


def _copy_leaf(source: html.HtmlElement, target: html.HtmlElement) -> None:
    target.text = _clean(source.text)
    for child in source:
        _append_inline(child, target)


def _append_inline(source: html.HtmlElement, target: html.HtmlElement) -> None:
    """Append a copy of an inline element and the text behind it, a line break for a block element."""
    if source.tag not in INLINE_TAGS:
        copy = etree.SubElement(target, "span" if source.tag in NEVER_TEXT else "br")
    elif not is_shown(source):
        copy = etree.SubElement(target, "span")
    else:
        copy = _add_inline(source, target)
        _copy_leaf(source, copy)
    copy.tail = _clean(source.tail)
