"""Prepares the region of an article for trafilatura, which strips its boilerplate and writes its Markdown.

trafilatura (https://aclanthology.org/2021.acl-demo.15) reads either the article that `prepare_article`
copies into an empty page, or a whole page.
"""

import re
from typing import NamedTuple

from lxml import etree, html
from trafilatura import bare_extraction
from trafilatura.settings import MANUALLY_STRIPPED, Document, Extractor

from shopwire.pipelines.extraction.regions import (
    CELLS,
    HEADINGS,
    MIN_LINKED_SENTENCE,
    NEVER_TEXT,
    SENTENCE_END,
    Line,
    Region,
    is_data_table,
    measure_length,
)
from shopwire.pipelines.parsing.document import PARSER
from shopwire.pipelines.parsing.trafilatura_body import STAND_INS, read_body
from shopwire.pipelines.parsing.visible_text import INLINE_TAGS, is_shown
from shopwire.storage.text.characters import NOT_IN_XML, SURROGATES
from shopwire.storage.text.markdown import MarkdownLine

BODY_MARK = {"itemprop": "articleBody"}
"""trafilatura looks for this attribute before all others, and takes a part of a page without it."""


def _set_least(characters: int) -> Extractor:
    """Return the settings of trafilatura with a length below which it joins a text to one line."""
    options = Extractor(output_format="markdown", fast=True, comments=False, formatting=True, links=True)
    options.min_extracted_size = characters
    return options


FOR_ARTICLE, FOR_PAGE, FOR_EAST_ASIAN_PAGE = map(_set_least, (0, 250, 100))
"""Settings of trafilatura, whose own least length, 250 characters, is that of whole Chinese articles."""

NOT_XML = re.compile(f"[{NOT_IN_XML}{SURROGATES}]")
EMPHASIS = frozenset(("b", "em", "i", "strong"))
MARKED = frozenset(("code", "del", "kbd", "s", "samp", "strike", "sub", "sup", "tt", "u", "var"))
"""Other elements that trafilatura would write with marks."""
ONLY_TEXT = MARKED | INLINE_TAGS.intersection(("span", *MANUALLY_STRIPPED))
"""Elements of which only the text is copied: trafilatura's rules take their time for each element."""
EMPHASISED = re.compile(r"(\W*)(\w.*\w|\w)(\W*)", re.DOTALL)
"""CommonMark reads no emphasis that begins or ends with punctuation within a Chinese sentence (6.2)."""

SPAN = re.compile(r"[2-9]|1\d")
"""More columns or rows than these are a way to say "all"."""
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
    page = PARSER.makeelement("html")
    article = etree.SubElement(etree.SubElement(page, "body"), "article", BODY_MARK)
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


def extract_lines(page: html.HtmlElement, url: str = "", options: Extractor = FOR_PAGE) -> list[MarkdownLine]:
    """Return the lines that trafilatura finds in the page at `url`, which is not changed.

    The text of a row is its cells, joined by " | ".
    """
    document = bare_extraction(page, options=options)
    return read_body(document.body, url) if isinstance(document, Document) else []


def _join_words(element: html.HtmlElement) -> str:
    # Most elements have no other element within them.
    text = "".join(element.itertext()) if len(element) else element.text or ""
    return " ".join(text.split())


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
        names = {key: _clean(value) for key in ("class", "id") if (value := source.get(key))}
        target = etree.SubElement(target, name, names)
    if is_leaf:
        _copy_leaf(source, target)
        if name in HEADINGS:
            _remove_emphasis(target)
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
                spans = {name: cell.get(name, "") for name in ("colspan", "rowspan")}
                used = {name: span for name, span in spans.items() if SPAN.fullmatch(span)}
                part = copy if cell is row else etree.SubElement(copy, str(cell.tag), used)
                if INLINE_TAGS.issuperset(str(inner.tag) for inner in cell.iterdescendants()):
                    _copy_leaf(cell, part)
                else:
                    part.text = _clean(_join_words(cell))


def _add_inline(source: html.HtmlElement, target: html.HtmlElement) -> None:
    """Append a copy of an inline element to `target`.

    trafilatura loses text behind links and emphasis within each other, so the inner ones are left out,
    and emphasis round a link or a line break.
    """
    tag = str(source.tag)
    copy = etree.SubElement(target, "span" if tag in ONLY_TEXT else tag)
    _copy_leaf(source, copy)
    if tag == "a":
        text = _join_words(copy)
        # A paragraph would be taken for a list of links for a link round an image, or round a sentence.
        if not text or (measure_length(text) >= MIN_LINKED_SENTENCE and SENTENCE_END.search(text)):
            copy.tag = "span"
        else:
            copy.set("href", _clean(source.get("href", "")))
            _remove_emphasis(copy)
    elif tag in EMPHASIS:
        if copy.find(".//a") is not None or copy.find(".//br") is not None:
            copy.tag = "span"
        else:
            _emphasise(copy)


def _remove_emphasis(element: html.HtmlElement) -> None:
    for inner in element.iter(*EMPHASIS):
        inner.tag = "span"


def _emphasise(copy: html.HtmlElement) -> None:
    """Replace an element by one with only its text, without punctuation at its edges."""
    target = copy.getparent()
    text = "".join(copy.itertext())
    target.remove(copy)
    if not (found := EMPHASISED.fullmatch(text)):
        _append_text(target, text)
        return
    before, core, after = found.groups()
    _append_text(target, before)
    etree.SubElement(target, str(copy.tag)).text = core
    _append_text(target, after)


def _append_text(target: html.HtmlElement, text: str) -> None:
    """Append a text to the content of an element."""
    if len(target):
        last = target[-1]
        last.tail = (last.tail or "") + text
    else:
        target.text = (target.text or "") + text


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
    """Append the content of an element to `target`."""
    _append_text(target, _clean(source.text))
    for child in source:
        _append_inline(child, target)


def _append_inline(source: html.HtmlElement, target: html.HtmlElement) -> None:
    """Append a copy of an inline element and the text behind it, a line break for a block element."""
    before = target[-1] if len(target) else None
    if source.tag not in INLINE_TAGS:
        if source.tag not in NEVER_TEXT:
            etree.SubElement(target, "br")
    elif is_shown(source):
        # trafilatura tells code from a quotation by what is in a `pre`.
        if source.tag in ONLY_TEXT and target.tag != "pre":
            _copy_leaf(source, target)
        else:
            _add_inline(source, target)
    # trafilatura trims the text behind a line break, also where a link follows.
    if before is not None and before.tag == "br" and (before.tail or "")[-1:].isspace():
        first = before.getnext()
        if first is not None:
            first.text = f" {first.text or ''}"
    _append_text(target, _clean(source.tail))
