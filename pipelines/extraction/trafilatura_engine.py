"""Prepares the region of an article for trafilatura, which strips its boilerplate.

trafilatura (https://aclanthology.org/2021.acl-demo.15) reads either the article that `prepare_article`
copies into an empty page, or a whole page.
"""

import re

from lxml import etree, html
from trafilatura import bare_extraction
from trafilatura.settings import Document

from shopwire.pipelines.extraction.layout import (
    BREAKS,
    CELLS,
    HEADINGS,
    Line,
    Region,
    is_data_table,
    is_shown,
)
from shopwire.pipelines.parsing.visible_text import INLINE_TAGS
from shopwire.storage.text.characters import NOT_IN_XML, SURROGATES

EMPTY_PAGE = '<html><body><article itemprop="articleBody"></article></body></html>'
"""trafilatura looks for this attribute before all others, and takes a part of a page without it."""

NOT_XML = re.compile(f"[{NOT_IN_XML}{SURROGATES}]")
STAND_INS = str.maketrans("\u200c\u200d", "\U0001d159\U0001d15a")
"""trafilatura removes joiners, which Persian words and emoji need; these characters are in no text."""
JOINERS = {stand_in: joiner for joiner, stand_in in STAND_INS.items()}
LISTS = frozenset(("dl", "ol", "ul"))
ITEMS = frozenset(("dd", "dt", "li"))
STRUCTURE_TAGS = HEADINGS | {"blockquote", "p", "pre"}


def prepare_article(region: Region, lines: list[Line]) -> html.HtmlElement:
    """Return a new page that has nothing but the elements of the lines, most of which are in `region`.

    Lines before the region become paragraphs. Text outside a paragraph, a list or a data table does
    too, since trafilatura does not expect it anywhere else.
    """
    page = html.document_fromstring(EMPTY_PAGE)
    article = page[0][0]
    top, kept = region.element, {region.element}
    for line in lines:
        path: list[html.HtmlElement] = []
        element = line.region.element
        while element is not None and element not in kept:
            path.append(element)
            element = element.getparent()
        if element is None:
            etree.SubElement(article, "p").text = _clean(line.text)
        else:
            kept.update(path)
    _copy_block(top, article, kept)
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


def _clean(text: str) -> str:
    """Return a text without the characters that lxml reads in HTML but does not write."""
    return text if text.isprintable() else NOT_XML.sub(" ", text.translate(STAND_INS))


def _copy_block(source: html.HtmlElement, target: html.HtmlElement, kept: set[html.HtmlElement]) -> None:
    """Append a copy of a block element to `target`."""
    name = str(source.tag)
    if name == "table" and is_data_table(source):
        _copy_rows(source, etree.SubElement(target, name), kept)
        return
    is_leaf = kept.isdisjoint(source)
    if _is_layout(source, target, kept):
        name = "p" if is_leaf else "div"
    # Within a `div` of its own a short paragraph with links would be taken for a list of links.
    if name != "div" or sum(child in kept for child in source) > 1:
        names = {key: _clean(source.get(key, "")) for key in ("class", "id")} if source.keys() else {}
        target = etree.SubElement(target, name, names)
    _copy_content(source, target, kept, is_leaf=is_leaf)


def _is_layout(source: html.HtmlElement, target: html.HtmlElement, kept: set[html.HtmlElement]) -> bool:
    """Return whether an element has no meaning of its own, as a list whose items have several blocks."""
    if source.tag in LISTS:
        return any(sum(child in kept for child in item) > 1 for item in source)
    if source.tag in ITEMS:
        return target.tag not in LISTS
    return source.tag not in STRUCTURE_TAGS or (source.tag == "p" and not kept.isdisjoint(source))


def _copy_rows(source: html.HtmlElement, target: html.HtmlElement, kept: set[html.HtmlElement]) -> None:
    for row in source.iter("caption", "tr"):
        if row in kept:
            copy = etree.SubElement(target, str(row.tag))
            for cell in row.iterchildren(*CELLS) if row.tag == "tr" else [row]:
                part = copy if cell is row else etree.SubElement(copy, str(cell.tag))
                part.text = _clean(" ".join("".join(cell.itertext()).split()))


def _add_inline(source: html.HtmlElement, target: html.HtmlElement) -> html.HtmlElement:
    """Return a new last child of `target`, a link where the inline element is one with text."""
    if source.tag != "a":
        return etree.SubElement(target, str(source.tag))
    # A paragraph with a link round an image, which has no text, would be taken for a list of links.
    if not "".join(source.itertext()).strip():
        return etree.SubElement(target, "span")
    return etree.SubElement(target, "a", href=_clean(source.get("href", "")))


def _copy_content(
    source: html.HtmlElement, target: html.HtmlElement, kept: set[html.HtmlElement], *, is_leaf: bool
) -> None:
    """Append copies of the content of `source` to `target`; where it has blocks, what is between them
    becomes paragraphs."""
    run = target if is_leaf else None
    if source.text and (is_leaf or not source.text.isspace()):
        run = etree.SubElement(target, "p") if run is None else run
        run.text = _clean(source.text)
    for child in source:
        tag = child.tag
        if child in kept:
            _copy_block(child, target, kept)
            run = target if is_leaf else None
        elif tag in BREAKS:
            if is_leaf:
                etree.SubElement(target, "br")
            else:
                run = None
        elif tag in INLINE_TAGS and is_shown(child):
            run = etree.SubElement(target, "p") if run is None else run
            _copy_content(child, _add_inline(child, run), kept, is_leaf=True)
        if child.tail and (is_leaf or not child.tail.isspace()):
            run = etree.SubElement(target, "p") if run is None else run
            # A copy of its own for each tail, so that nothing is appended to a long text.
            last = run[-1] if len(run) and not run[-1].tail else etree.SubElement(run, "span")
            last.tail = _clean(child.tail)
