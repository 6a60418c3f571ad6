"""The layout of a page: the regions that are boilerplate, measured by their lines."""

import re
from collections import Counter
from functools import lru_cache

from lxml import html

from shopwire.pipelines.extraction.boilerplate_rules import COMMENTS_START, RELATED_START
from shopwire.pipelines.extraction.regions import HEADINGS, NO_FIELDS, Layout, PageWalk, Region, is_within
from shopwire.pipelines.parsing.element_names import (
    BOILERPLATE_NAMES,
    COMMENT_NAMES,
    IMAGE_NAMES,
    MINOR_BOILERPLATE_NAMES,
    NAME_WORD,
    NEVER_ARTICLE_NAMES,
    NameKind,
    classify_names,
    join_names,
    split_names,
)

ARTICLE_SHARE = 0.6
"""Regions of one name that have more than this share of a page's sentences are its article."""

HEADLINE_SHARE = 0.3
"""So has the region of the only `h1` where it has more than this share of them."""

MINOR_LENGTH = 400.0
TOO_LITTLE_TEXT = 300.0
BOILERPLATE_ROLES = frozenset(
    ("alertdialog", "complementary", "contentinfo", "dialog", "navigation", "search")
)
"""Roles that say the same as `aside`, `dialog`, `footer` and `nav` (HTML-AAM)."""

MAX_SHOWN_LEAD = 1_500.0
"""A page that shows more sentences than this does not hide its article."""

SLIDER_SHARE = 0.4
"""A slider with less than this share of a page's sentences shows other articles."""

FORM_SHARE = 0.15
"""A region with an input and less than this share of a page's sentences is a form."""

MAX_FORM_LENGTH, MAX_FIELDS = 250.0, 2
SIGN_UP = re.compile(
    r"newsletter|in(?:to)? your (?:inbox|mailbox)|e-?mails?\b|unsubscribe|\bsubscri|sign(?:ing)? up"
    r"|boletín|suscr[ií]b|tu correo|abonn(?:ez|ier)|lettre d.info|votre boîte|postfach"
    r"|assine|inscreva-se|seu e-?mail"
    r"|(?:log|sign) in to|create an account|登录后|注册后|登入後"
    r"|订阅|訂閱|邮箱|手机号|メルマガ|メールアドレス|ニュースレター|登録する|뉴스레터|구독|이메일",
    re.IGNORECASE,
)
"""Words of a sentence that asks a reader to sign up."""

SLIDE = re.compile(r"\d{1,3}\s?(?:/|of|von|sur|de)\s?\d{1,3}\b(?![./]\d)")


def build_layout(body: html.HtmlElement) -> Layout:
    """Return the regions and lines of a body in reading order, without hidden elements and controls.

    Hidden elements of one name are included where they have most of the sentences: some pages hide the
    article until a script runs. Where that leaves nothing, as on a page with broken markup, all
    elements are included.
    """
    walk = PageWalk(body)
    layout = _measure_regions(walk)
    sentences = layout.regions[0].sentence_length
    if revealed := _find_hidden_article(walk.hidden, sentences):
        layout = _measure_regions(PageWalk(body, revealed=revealed))
        sentences = layout.regions[0].sentence_length
    if sentences < TOO_LITTLE_TEXT:
        everything = _measure_regions(PageWalk(body, lenient=True))
        if everything.regions[0].sentence_length > 2 * sentences:
            return everything
    return layout


def _find_hidden_article(hidden: list[html.HtmlElement], sentences: float) -> frozenset[html.HtmlElement]:
    """Return the hidden elements of one name that have more sentences than all that is shown."""
    groups: dict[str, list[html.HtmlElement]] = {}
    for element in hidden if sentences < MAX_SHOWN_LEAD else ():
        if split_names(join_names(element)).isdisjoint(BOILERPLATE_NAMES | NEVER_ARTICLE_NAMES):
            groups.setdefault(f"{element.get('class')} {element.get('style')}", []).append(element)
    for elements in groups.values():
        if sum(len(text) for element in elements for text in element.itertext()) > sentences / 2.5:
            roots = [_measure_regions(PageWalk(element)).regions[0] for element in elements]
            if sum(root.sentence_length for root in roots) > sentences:
                return frozenset(elements)
    return frozenset()


def _measure_regions(walk: "PageWalk") -> Layout:
    """Add up the lengths from the leaves to the root, and mark boilerplate."""
    for region in reversed(walk.regions):
        region.sentence_length += region.own_sentence_length
        parent = region.parent
        if parent is not None:
            parent.has_input |= region.has_input
            if region.first_line:
                parent.first_line, parent.first_tag = region.first_line, region.first_tag
                parent.sentence_length += region.sentence_length
                parent.text_length += region.text_length
                parent.link_length += region.link_length
                parent.linked_heading |= region.linked_heading
                parent.sentence_count += region.sentence_count
    for region in reversed(walk.regions):
        if region.is_sentence_item and region.parent and region.parent.text_length == region.text_length:
            region.parent.is_sentence_item = True
    sentences = walk.regions[0].sentence_length
    asking = _find_sign_ups(walk)
    form_limit = min(MAX_FORM_LENGTH, FORM_SHARE * sentences) if sentences > MINOR_LENGTH else 0.0
    for region in walk.regions:
        if not region.first_line:
            # What has no text needs no mark.
            continue
        kind = classify_names(region.name) if region.name else NameKind()
        if kind.words > 2 and _is_slug(region):
            kind = classify_names(region.element.get("class", ""))
        region.never_article = kind.is_never_article
        region.is_boilerplate = (
            kind.is_boilerplate
            or region.tag == "aside"
            or (region.name != "" and region.element.get("role") in BOILERPLATE_ROLES)
            or (
                region.has_input
                and region.sentence_length < form_limit
                and region.element.find(".//h1") is None
                and (sentences > 2 * MINOR_LENGTH or _has_few_fields(region))
            )
            or region in asking
            or (
                kind.is_minor
                and region.sentence_length < MINOR_LENGTH
                and not (kind.is_image and _is_section(region))
            )
            or (kind.is_slider and region.sentence_length < SLIDER_SHARE * sentences)
            or _starts_as_boilerplate(region)
        )
    _clear_article_marks(walk)
    layout = Layout(walk.regions, walk.lines)
    _mark_slides(layout)
    return layout


def _find_sign_ups(walk: "PageWalk") -> set[Region]:
    """Return the regions with a field or a button, most sentences of which ask the reader to sign up."""
    counts: Counter[Region] = Counter()
    for line in walk.lines if walk.regions[0].has_input else ():
        forms = _list_short_forms(line.region) if line.sentence_length else []
        if forms and SIGN_UP.search(line.text):
            counts.update(forms)
    return {region for region, count in counts.items() if 2 * count > region.sentence_count}


def _list_short_forms(region: Region | None) -> list[Region]:
    """Return a region and those that contain it, if they have an input and few sentences."""
    forms = []
    while region is not None and region.sentence_length < MAX_FORM_LENGTH:
        if region.has_input:
            forms.append(region)
        region = region.parent
    return forms


def _has_few_fields(region: Region) -> bool:
    """Return whether a region asks for little, as a sign-up does, unlike a form to write to a company."""
    form = next(region.element.iterancestors("form"), region.element)
    fields = [
        field for field in form.iter("input", "select", "textarea") if field.get("type") not in NO_FIELDS
    ]
    return len(fields) <= MAX_FIELDS and all(field.tag == "input" for field in fields)


def _is_section(region: Region) -> bool:
    """Return whether a region is a section of an article, which has a heading and a sentence."""
    return region.first_tag in HEADINGS and region.sentence_count > 0 and not region.link_length


def _is_slug(region: Region) -> bool:
    """Return whether the `id` of a section is made of the words of its heading."""
    wanted = NAME_WORD.findall(region.element.get("id", "").lower())
    return len(wanted) > 2 and set(wanted) <= set(NAME_WORD.findall(region.first_line.lower()))


def _mark_slides(layout: Layout) -> None:
    """Mark a gallery of numbered slides ("3/12 …") as no article where the page has other sentences."""
    slides = [line for line in layout.lines if SLIDE.match(line.text)]
    parents = Counter(line.region.parent for line in slides)
    groups: dict[Region | None, set[str]] = {}
    for line in slides:
        parent = line.region.parent
        gallery = parent if parents[parent] > 2 else parent and parent.parent
        groups.setdefault(gallery, set()).add(line.text)
    for gallery, texts in groups.items():
        length = gallery.sentence_length if gallery else 0.0
        others = layout.regions[0].sentence_length - length
        if gallery and len(texts) > 2 and others > min(MINOR_LENGTH, 1.5 * length):
            gallery.never_article = True


def _starts_as_boilerplate(region: Region) -> bool:
    """Return whether the first line of a region is the heading of comments or of related articles.

    It is not where that line belongs to a short list of links that is placed before the text.
    """
    starts_comments, starts_related = _match_start(region.first_line)
    if not starts_related:
        return starts_comments
    sentences = region.sentence_length > max(MINOR_LENGTH, 0.5 * region.text_length)
    return starts_comments or not (sentences and region.link_length < 0.3 * region.text_length)


@lru_cache(maxsize=1024)
def _match_start(line: str) -> tuple[bool, bool]:
    """Return whether a line is the heading of comments, and of related articles."""
    # The regions around a line have it as their first one too.
    return COMMENTS_START.fullmatch(line) is not None, RELATED_START.fullmatch(line) is not None


def _clear_article_marks(walk: "PageWalk") -> None:
    """Clear the marks of what contains the only `h1` of a page, or shares its name with most sentences."""
    everything = walk.regions[0].sentence_length
    headlines = [line.region for line in walk.lines if line.tag == "h1"]
    region = headlines[0].parent if len(headlines) == 1 else None
    article: Region | None = None
    while region is not None:
        if region.sentence_length > HEADLINE_SHARE * everything:
            article = article or region
            region.is_boilerplate = region.never_article = False
        region = region.parent
    marked: dict[str, list[Region]] = {}
    for region in walk.regions:
        if region.is_boilerplate and region.sentence_length and not region.never_article:
            marked.setdefault(region.name.rstrip("0123456789"), []).append(region)
    for name, group in marked.items():
        lengths = [region.sentence_length for region in group]
        is_text = sum(region.sentence_count for region in group) >= 2 * len(group) > 2 and (
            MINOR_BOILERPLATE_NAMES.isdisjoint(split_names(name))
        )
        # Beside the headline, even paragraphs that each have a region of their own are its article.
        is_below_headline = (
            len(group) > 2
            and article is not None
            and sum(region.link_length for region in group) < 0.1 * sum(lengths)
            and all(is_within(region, article) for region in group)
        )
        if (
            (is_text or is_below_headline)
            and sum(lengths) > ARTICLE_SHARE * everything
            and (COMMENT_NAMES | IMAGE_NAMES).isdisjoint(split_names(name))
        ):
            for region in group:
                region.is_boilerplate = False
