"""Author, editor, origin, tags, engagement and image of an article."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from urllib.parse import urljoin

from shopwire.pipelines.metadata.authors.byline_patterns import (
    COMMON_SURNAMES,
    EDITOR_LABEL,
    EDITOR_WORDS,
    ENGLISH_EDITOR,
    ENGLISH_ORIGIN,
    FIRST_PUBLISHED_ON,
    NOT_A_NAME,
    NOT_A_TAG,
    NOT_BYLINE_TEXT,
    ORIGIN_LABEL,
    ORIGIN_PREFIX,
    ORIGIN_WORDS,
    OUTLET_ENDING,
    OUTLET_WITH_DATE,
    TAGS_LABEL,
)
from shopwire.pipelines.metadata.authors.find_authors import find_chinese_authors, find_western_authors
from shopwire.pipelines.metadata.authors.person_names import (
    LINE_HEAD,
    SHORT_LINE,
    is_chinese_name,
    list_ends,
    read_value,
    split_names,
)
from shopwire.pipelines.metadata.dates.datelines import HEADLINE_NEIGHBOURS, cut_comments, drop_elements
from shopwire.pipelines.metadata.engagement import NO_ENGAGEMENT, Engagement, find_engagement
from shopwire.pipelines.metadata.site_names import list_site_names
from shopwire.pipelines.parsing.json_ld import list_texts
from shopwire.pipelines.parsing.meta_tags import Meta
from shopwire.pipelines.parsing.visible_text import clean_line
from shopwire.storage.text.characters import HAN_CHARACTER
from shopwire.storage.text.folding import fold

LONGEST_ORIGIN, LONGEST_TAG = 40, 40
MOST_BYLINE_LINES, MOST_BYLINE_TAGS = 1_500, 20

WECHAT_NAME = "js_name"
"""The name of an element that holds the account which published an article on WeChat."""

ORIGIN_TAGS = ("source", "contentsource", "article:source", "og:source", "mediaid", "dc.source")


@dataclass(frozen=True, slots=True)
class Byline:
    """Names as written on the page, "" without one.

    Several authors are joined, on Chinese pages by 、 and on others by commas. `origin` is the outlet that
    published the article first.
    """

    author: str = ""
    editor: str = ""
    origin: str = ""
    tags: tuple[str, ...] = ()
    engagement: Engagement = NO_ENGAGEMENT
    image: str = ""


def find_byline(
    meta: Meta, lines: Sequence[str], *, title: str = "", url: str = "", language: str = ""
) -> Byline:
    """Return the byline of a page, or of a plain text with an empty `meta`.

    `lines` are the visible lines, `title` is the headline, and `url` resolves the image URL. Chinese pages
    name people in labelled lines and themselves in meta tags, so lines come first there; elsewhere declared
    authors come first.
    """
    chinese = language == "zh"
    below = _list_lines_from_title(lines, title)
    near, comments = cut_comments(below, title)
    editor, editors_outlet = _find_editor(near)
    origin = editors_outlet or _find_origin(near, meta, chinese)
    sites = list_site_names(meta, url)
    own = drop_elements(meta, near, comments)
    authors = (
        find_chinese_authors(near, own, sites, origin, title)
        if chinese
        else find_western_authors(near, own, sites)
    )
    if chinese and not authors and is_chinese_name(origin) and origin[0] in COMMON_SURNAMES:
        authors, origin = [origin], ""
    return Byline(
        author=("、" if chinese else ", ").join(authors),
        editor=editor,
        origin=origin,
        tags=_find_tags(near, meta),
        engagement=find_engagement(meta, below),
        image=_find_image(meta, url),
    )


def _list_lines_from_title(lines: Sequence[str], title: str) -> Sequence[str]:
    """Return the lines from the headline on, all lines if it has no line of its own."""
    key = fold(title)
    start = 0
    for number, line in enumerate(lines):
        if key and len(key) <= len(line) <= 2 * len(title) and fold(line) == key:
            start = max(0, number - 3)
            break
    return lines[start : start + MOST_BYLINE_LINES]


def _find_editor(lines: Sequence[str]) -> tuple[str, str]:
    """Return the editor, and the outlet if it is named with the editor (`editor of X: Y`)."""
    for line in lines:
        lower = line.lower()
        for text in list_ends(line) if any(map(lower.__contains__, EDITOR_WORDS)) else ():
            if (match := EDITOR_LABEL.search(text)) and (
                names := split_names(re.split(r"_|\s?[A-Z]{1,4}\d{3,}", read_value(text, match.end()))[0])
            ):
                return "、".join(names), ""
            if match := ENGLISH_EDITOR.search(text):
                name = re.split(r"_|\s{2}|\b[A-Z]{1,4}\d", match["value"])[0].strip(" .-")
                if len(text) <= 160:
                    return name, (match["origin"] or "").strip()
    return "", ""


def _find_origin(lines: Sequence[str], meta: Meta, chinese: bool) -> str:
    """Return the outlet after a label, else on Chinese pages near the date, else in meta tags."""
    with_words = (line for line in lines if any(map(line.lower().__contains__, ORIGIN_WORDS)))
    labelled = (_read_origin(text, chinese) for line in with_words for text in list_ends(line))
    near_date = (_read_outlet_with_date(line) for line in lines[:HEADLINE_NEIGHBOURS] if chinese)
    declared = (_clean_outlet(ORIGIN_PREFIX.sub("", meta.find_tag(name))) for name in ORIGIN_TAGS)
    marked = (mark for mark in meta.list_elements("origin") if WECHAT_NAME in mark.name.split())
    accounts = (_clean_outlet(mark.text) for mark in marked)
    return next(filter(None, chain(labelled, near_date, declared, accounts)), "")


def _read_origin(text: str, chinese: bool) -> str:
    if match := ORIGIN_LABEL.search(text):
        return _clean_outlet(read_value(text, match.end()))
    if not chinese and (match := FIRST_PUBLISHED_ON.search(text) or ENGLISH_ORIGIN.search(text[:120])):
        return _clean_outlet(match["value"])
    return ""


def _read_outlet_with_date(line: str) -> str:
    match = OUTLET_WITH_DATE.search(line) if len(line) <= SHORT_LINE else None
    outlet = match["after"] or match["before"] if match else ""
    return _clean_outlet(outlet) if OUTLET_ENDING.search(outlet) else ""


def _clean_outlet(text: str) -> str:
    text = clean_line(text).strip(" .,，、-—*")
    usable = 2 <= len(text) <= LONGEST_ORIGIN and not NOT_A_NAME.fullmatch(text)
    return text if usable and not NOT_BYLINE_TEXT.search(text) else ""


def _find_tags(lines: Iterable[str], meta: Meta) -> tuple[str, ...]:
    """Return tags from meta tags and links, else a labelled line, else the keywords of the page."""
    declared = [*meta.tags.get("article:tag", ()), *(m.text for m in meta.list_elements("tag"))]
    shown = (match["value"] for line in lines if (match := TAGS_LABEL.match(line[:LINE_HEAD])))
    keywords = [text for value in meta.find_values("keywords") for text in list_texts(value)]
    named = [*meta.tags.get("news_keywords", ()), *meta.tags.get("keywords", ())]
    for texts in (declared, shown, keywords, named):
        tags = [tag for text in texts for tag in _split_tags(text)]
        if tags:
            return tuple(dict.fromkeys(tags))[:MOST_BYLINE_TAGS]
    return ()


def _split_tags(text: str) -> list[str]:
    separators = r"[,，;；、|｜/]+|\s+" if HAN_CHARACTER.search(text) else r"[,，;；、|｜]+"
    tags = (clean_line(tag).strip("# ") for tag in re.split(separators, text))
    return [tag for tag in tags if 2 <= len(tag) <= LONGEST_TAG and not NOT_A_TAG.search(tag)]


def _find_image(meta: Meta, url: str) -> str:
    declared = meta.find_tag("og:image", "og:image:url", "twitter:image", "twitter:image:src")
    for value in (declared, *meta.find_values("image"), *meta.find_values("thumbnailUrl")):
        if found := resolve_image_url(url, _read_image_url(value)):
            return found
    return ""


def _read_image_url(value: object) -> str:
    """Return the URL of an image in JSON-LD, which is a text, a node, or a list of these."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("url") or value.get("contentUrl")
    return value.strip() if isinstance(value, str) else ""


def resolve_image_url(url: str, link: str) -> str:
    """Return the absolute URL of an image on the page of a URL; empty if it is not valid for HTTP."""
    try:
        link = urljoin(url, link)
    except ValueError:
        return ""
    return link if link != url and link.startswith(("http://", "https://")) and len(link) <= 2_000 else ""
