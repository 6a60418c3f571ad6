"""Who wrote an article, who edited it, where it first stood, and what else its byline says."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from urllib.parse import urljoin

from shopwire.pipelines.metadata.authors import (
    UNDER_HEADLINE,
    chinese_authors,
    western_authors,
)
from shopwire.pipelines.metadata.byline_patterns import (
    BESIDE_CLOCK,
    COMMON_SURNAMES,
    EDITOR,
    EN_EDITOR,
    EN_FIRST,
    EN_SOURCE,
    JUNK,
    NO_TAG,
    NOBODY,
    ORIGIN,
    OUTLET,
    SOURCED,
    TAGS,
)
from shopwire.pipelines.metadata.engagement import NOT_SAID, Counts, find_counts
from shopwire.pipelines.metadata.person_names import (
    HEAD,
    IS_HAN,
    SHORT,
    ends,
    is_chinese_name,
    people,
    value_after,
)
from shopwire.pipelines.metadata.title import site_names
from shopwire.pipelines.parsing.json_ld import texts
from shopwire.pipelines.parsing.meta_tags import Meta
from shopwire.pipelines.parsing.visible_text import clean
from shopwire.storage.text.folding import fold

LONGEST_ORIGIN, LONGEST_TAG = 40, 40
MOST_LINES, MOST_TAGS = 1_500, 20

ORIGIN_NAMES = ("source", "contentsource", "article:source", "og:source", "mediaid", "dc.source")


@dataclass(frozen=True, slots=True)
class Byline:
    """Names as the page writes them, "" or None where it names nobody.

    Several authors stand in one text, Chinese names parted by 、 and others by commas. `origin`
    is the medium an article was taken over from.
    """

    author: str = ""
    editor: str = ""
    origin: str = ""
    tags: tuple[str, ...] = ()
    counts: Counts = NOT_SAID
    image: str = ""


def find_byline(
    meta: Meta, lines: Sequence[str], *, title: str = "", url: str = "", language: str = ""
) -> Byline:
    """Read the byline of a page, or of a plain text whose `Meta` is empty.

    `lines` are the visible ones, `title` the headline found, `url` resolves the image. Chinese
    pages name people in labelled lines and put their own name into the meta tags, so there the
    lines come first; elsewhere the declared authors do.
    """
    chinese = language == "zh"
    near = list(_from_title(lines, title))
    editor, editors_outlet = _editor(near)
    origin = editors_outlet or _origin(near, meta, chinese)
    sites = site_names(meta, url)
    authors = chinese_authors(near, meta, sites, origin) if chinese else western_authors(near, meta, sites)
    if chinese and not authors and is_chinese_name(origin) and origin[0] in COMMON_SURNAMES:
        authors, origin = [origin], ""
    return Byline(
        author=("、" if chinese else ", ").join(authors),
        editor=editor,
        origin=origin,
        tags=_tags(near, meta),
        counts=find_counts(meta, near),
        image=_image(meta, url),
    )


def _from_title(lines: Sequence[str], title: str) -> Iterator[str]:
    """The lines from the headline on, where it stands in a line of its own; else all."""
    key = fold(title)
    start = 0
    for number, line in enumerate(lines):
        if key and len(key) <= len(line) <= 2 * len(title) and fold(line) == key:
            start = max(0, number - 3)
            break
    return iter(lines[start : start + MOST_LINES])


def _editor(lines: Sequence[str]) -> tuple[str, str]:
    """The editor, and the medium where the same words name it (`editor of X: Y`)."""
    for line in lines:
        for text in ends(line):
            if (match := EDITOR.search(text)) and (
                names := people(re.split(r"_|\s?[A-Z]{1,4}\d{3,}", value_after(text, match.end()))[0])
            ):
                return "、".join(names), ""
            if match := EN_EDITOR.search(text):
                name = re.split(r"_|\s{2}|\b[A-Z]{1,4}\d", match["value"])[0].strip(" .-")
                if len(text) <= 160:
                    return name, (match["origin"] or "").strip()
    return "", ""


def _origin(lines: Sequence[str], meta: Meta, chinese: bool) -> str:
    """The medium by a label, on Chinese pages beside the date, at last by meta tags."""
    labelled = (_origin_in(text, chinese) for line in lines for text in ends(line))
    beside = (_beside_clock(line) for line in lines[:UNDER_HEADLINE] if chinese)
    declared = (_medium(SOURCED.sub("", meta.first(name))) for name in ORIGIN_NAMES)
    return next(filter(None, chain(labelled, beside, declared)), "")


def _origin_in(text: str, chinese: bool) -> str:
    if match := ORIGIN.search(text):
        return _medium(value_after(text, match.end()))
    if not chinese and (match := EN_FIRST.search(text) or EN_SOURCE.search(text[:120])):
        return _medium(match["value"])
    return ""


def _beside_clock(line: str) -> str:
    match = BESIDE_CLOCK.search(line) if len(line) <= SHORT else None
    medium = match["after"] or match["before"] if match else ""
    return _medium(medium) if OUTLET.search(medium) else ""


def _medium(text: str) -> str:
    text = clean(text).strip(" .,，、-—*")
    usable = 2 <= len(text) <= LONGEST_ORIGIN and not NOBODY.fullmatch(text)
    return text if usable and not JUNK.search(text) else ""


def _tags(lines: Iterable[str], meta: Meta) -> tuple[str, ...]:
    """Tags by meta tags and links, by a labelled line, at last the page's keywords."""
    declared = [*meta.names.get("article:tag", ()), *(m.text for m in meta.marked("tag"))]
    shown = (match["value"] for line in lines if (match := TAGS.match(line[:HEAD])))
    stated = [text for value in meta.stated("keywords") for text in texts(value)]
    named = [*meta.names.get("news_keywords", ()), *meta.names.get("keywords", ())]
    for texts_ in (declared, shown, stated, named):
        tags = [tag for text in texts_ for tag in _split_tags(text)]
        if tags:
            return tuple(dict.fromkeys(tags))[:MOST_TAGS]
    return ()


def _split_tags(text: str) -> list[str]:
    separators = r"[,，;；、|｜/]+|\s+" if IS_HAN.search(text) else r"[,，;；、|｜]+"
    tags = (clean(tag).strip("# ") for tag in re.split(separators, text))
    return [tag for tag in tags if 2 <= len(tag) <= LONGEST_TAG and not NO_TAG.search(tag)]


def _image(meta: Meta, url: str) -> str:
    declared = meta.first("og:image", "og:image:url", "twitter:image", "twitter:image:src")
    for value in (declared, *meta.stated("image"), *meta.stated("thumbnailUrl")):
        if found := _absolute(url, _address(value)):
            return found
    return ""


def _address(value: object) -> str:
    """The address in an image as JSON-LD gives it: a text, a node, or a list of either."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("url") or value.get("contentUrl")
    return value.strip() if isinstance(value, str) else ""


def _absolute(url: str, link: str) -> str:
    try:
        link = urljoin(url, link)
    except ValueError:
        return ""
    return link if link != url and link.startswith(("http://", "https://")) and len(link) <= 2_000 else ""
