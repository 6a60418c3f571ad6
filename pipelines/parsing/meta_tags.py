"""Metadata that a page declares: meta tags, JSON-LD, semantic elements."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal
from urllib.parse import urljoin

from lxml import etree
from lxml.html import HtmlElement

from shopwire.pipelines.parsing.element_names import join_names
from shopwire.pipelines.parsing.json_ld import Json, find_article_nodes, sort_nodes
from shopwire.pipelines.parsing.visible_text import INLINE_TAGS, clean_line, read_visible_lines

ElementKind = Literal["author", "account", "date", "origin", "tag", "heading", "comments"]

MOST_ELEMENTS, MOST_PIECES = 400, 60
LONGEST_ELEMENT = 300
"""Longest text of a semantic element in characters; a longer element is a container."""

NAME_PATTERNS: tuple[tuple[ElementKind, re.Pattern[str]], ...] = (
    (
        "author",
        re.compile(
            r"(?:^|[\s_-])(?:(?:post|entry|article)?-?authors?-?(?:name)?|by-?line|writer|reporter"
            r"|contributors?(?!-list)|autor(?:a|in|en|es)?|auteure?s?|verfasser(?:in)?|zuozhe)(?:$|[\s_-])"
        ),
    ),
    ("date", re.compile(r"date|time(?!line|r|ful|s\b)|publish|posted|riqi|shijian")),
    (
        "comments",
        re.compile(
            r"(?:^|[\s_-])(?:comments?(?:-?(?:list|area|section|box|thread|wrap|wrapper|container))?|cmts?"
            r"|commentlist|commentbox|disqus|pinglun)(?:$|\s)"
        ),
    ),
    ("author", re.compile(r"rich_media_meta_text")),
    ("origin", re.compile(r"(?:^|[\s_-])(?:source|origin|laiyuan|media-?name|js_name)(?:$|[\s_-])")),
)
"""Words in `class` and `id` that name the parts of a byline."""

NAME_HINT = re.compile(
    "aut(?:h|eur|or)|cmt|comment|contrib|date|disqus|js_name|laiyuan|line|media|meta_text|origin|pinglun|posted"
    "|publish|report|riqi|shijian|source|time|verfasser|writer|zuozhe"
)
"""One of them is in each name that NAME_PATTERNS match; looking for them costs less."""

PUBLISHING = ("pub", "publish", "published", "publication", "create", "created", "post", "posted", "release")
TIMES = ("", "at", "date", "datetime", "on", "time", "timestamp", "ts")
DATE_KEYS = frozenset(("datetime", "timestamp", "data-ptime", "data-utc", "data-epoch", "data-unix")) | {
    f"data-{word}{separator}{kind}"
    for word in ("", *PUBLISHING)
    for kind in TIMES
    for separator in (("", "-", "_") if word and kind else ("",))
}
"""Attributes that hold a time, with or without `data-`, such as `data-publish-time` and `data-created_at`."""

RARE_KEYS = DATE_KEYS | {"itemprop", "rel", "title"}
"""Attributes that may tell the kind of an element, but for the frequent ones: `class`, `href`, `id`."""

TITLE_TIME = re.compile(
    r"(?:19|20)\d\d\s?[-/.年년]\s?\d{1,2}\s?[-/.月월]\s?\d{1,2}[日일]?"
    r"(?:[T ]{1,2}\d{1,2}[:时時]\d{2}[\d:.+ Z分秒-]{0,16}(?:UTC|GMT)?)?"
    r"|(?:[A-Z][a-z]{2,8}day,? )?(?:\d{1,2}\.? [A-Z][a-z]{2,8}|[A-Z][a-z]{2,8}\.? \d{1,2}),? (?:19|20)\d\d"
    r"(?:\W.{0,24})?"
)
"""The time in the `title` of an element, whose text is a relative one."""
ITEMPROP_KINDS: Mapping[str, ElementKind] = {
    "author": "author",
    "datepublished": "date",
    "datecreated": "date",
    "datemodified": "date",
    "keywords": "tag",
    "headline": "heading",
}


SECTION_LINK = re.compile(r"/(?:categor(?:y|ies)|sections?|topics?|tags?|rubrik|channel)/", re.IGNORECASE)
"""The address of a list of articles, whose link names no author."""

AUTHOR_LINK = re.compile(
    r"https?://author\.|(?:https?://[^/]{1,60})?/(?:[\w-]{1,20}/){0,2}(?:authors?|autor(?:en|es|i)?|auteurs?|columnists?"
    r"|contributors?|people|profiles?|u|users?|zuozhe)/(?!log|sign|reg|cent|home|index|search|edit|set)[^/?#]",
    re.IGNORECASE,
)
"""The address of the page about an author or account."""

MOST_HOME_LINKS, LONGEST_SITE = 20, 40
"""Links among which those to the front page are searched, and longest name of a site in characters."""

METADATA_TAGS = frozenset(("link", "meta", "script", "title"))
"""Tags that are not displayed."""

TAG_KINDS: Mapping[str, ElementKind] = {"h1": "heading", "time": "date"}
REL_KINDS: Mapping[str, ElementKind] = {"author": "author", "tag": "tag", "category tag": "tag"}
CONTAINER_TAGS = frozenset({"body", "html", "main", "article", "form", "input", "img", "nav", "style"})


@dataclass(frozen=True, slots=True)
class SemanticElement:
    """An element whose name states its content, with its text and machine-readable value.

    The text of an author element has a line for each block and link.
    """

    kind: ElementKind
    text: str
    value: str
    name: str
    place: int


@dataclass(frozen=True, slots=True)
class Meta:
    """All metadata that a page declares.

    `tags` maps the lower-case name of a meta tag to its contents in order, `articles` are the JSON-LD
    nodes about this page, best first, `elements` the semantic elements in document order. `place` of
    an element is its index among all elements, `home` the texts of links to the front page.
    """

    title: str = ""
    language: str = ""
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    articles: tuple[Json, ...] = ()
    elements: tuple[SemanticElement, ...] = ()
    canonical: str = ""
    home: tuple[str, ...] = ()

    def find_tag(self, *names: str) -> str:
        """Return the first non-empty content of these meta tags, in the order of the names."""
        return next((value for name in names for value in self.tags.get(name, ()) if value), "")

    def list_elements(self, kind: ElementKind) -> list[SemanticElement]:
        """Return the semantic elements of one kind, in document order."""
        return [element for element in self.elements if element.kind == kind]

    def find_values(self, key: str) -> Iterator[object]:
        """Return the values of a key in the JSON-LD nodes, the best node first."""
        return (node[key] for node in self.articles if node.get(key))


def read_meta(tree: HtmlElement) -> Meta:
    """Return what a parsed page declares. Never raises on a hostile page, never changes the tree."""
    titles = (clean_line(element.text or "") for element in tree.iter("title"))
    links = (
        (element.get("href") or "").strip()
        for element in tree.iter("link")
        if (element.get("rel") or "").lower() == "canonical"
    )
    nodes = (
        node
        for element in tree.iter("script")
        if "ld+json" in (element.get("type") or "")
        for node in find_article_nodes(element.text or "")
    )
    title, canonical = next(filter(None, titles), ""), next(filter(None, links), "")
    tags = _read_tags(tree)
    og_title, og_url = (tags.get(name, ("",))[0] for name in ("og:title", "og:url"))
    return Meta(
        title=title,
        language=(tree.get("lang") or "").strip().lower()[:20],
        tags=tags,
        articles=tuple(sort_nodes(nodes, canonical or og_url, f"{title}\n{og_title}")),
        elements=tuple(islice(_find_elements(tree), MOST_ELEMENTS)),
        canonical=canonical,
        home=_read_home(tree, canonical),
    )


def _read_home(tree: HtmlElement, canonical: str) -> tuple[str, ...]:
    front = urljoin(canonical, "/") if canonical.startswith("http") else "/"
    links = (
        link
        for link in islice(tree.iter("a"), MOST_HOME_LINKS)
        if link.get("href") in {"/", front, front[:-1]}
    )
    texts = (clean_line(_read_short_text(link)) for link in links)
    return tuple(dict.fromkeys(text for text in texts if 2 < len(text) <= LONGEST_SITE))


def _read_tags(tree: HtmlElement) -> dict[str, tuple[str, ...]]:
    names: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        keys = map(element.get, ("property", "name", "itemprop", "http-equiv"))
        name, content = next(filter(None, keys), None), element.get("content")
        if name and content:
            names.setdefault(" ".join(name.lower().split()), []).append(clean_line(content))
    return {name: tuple(contents) for name, contents in names.items()}


def _find_elements(tree: HtmlElement) -> Iterator[SemanticElement]:
    known: dict[str, ElementKind | None] = {}
    inside = 0
    for place, element in enumerate(tree.iter(etree.Element)):
        if inside:
            inside -= 1
            continue
        kind = _find_kind(element, known)
        if kind == "comments":
            inside = (
                0 if element.find(".//h1") is not None else sum(1 for _ in element.iter(etree.Element)) - 1
            )
        elif kind:
            found = _read_element(kind, element, place)
            if found.text or found.value:
                yield found


def _find_kind(element: HtmlElement, known: dict[str, ElementKind | None]) -> ElementKind | None:
    """Return the kind of an element, None without one. `known` caches the names of this page."""
    tag = element.tag
    if tag in TAG_KINDS:
        return TAG_KINDS[tag]
    # Reading the list of attributes is cheaper than reading each attribute.
    keys = element.keys()
    if not keys or tag in METADATA_TAGS:
        return None
    is_rare = not RARE_KEYS.isdisjoint(keys)
    if is_rare and "itemprop" in keys and (kind := ITEMPROP_KINDS.get(element.get("itemprop", "").lower())):
        return kind
    if is_rare and "rel" in keys and (kind := _match_rel(element.get("rel", ""))):
        return kind
    kind = None
    if ("class" in keys or "id" in keys) and tag not in CONTAINER_TAGS:
        name = (join_names(element) if "id" in keys else element.get("class", ""))[:LONGEST_ELEMENT]
        if name not in known:
            known[name] = _match_name(name.lower())
        kind = known[name]
    if kind is None and tag == "a" and "href" in keys and AUTHOR_LINK.match(element.get("href", "")):
        return "account"
    if (
        kind is None
        and is_rare
        and (not DATE_KEYS.isdisjoint(keys) or TITLE_TIME.fullmatch(element.get("title", "")))
    ):
        return "date"
    return kind


def _match_rel(rel: str) -> ElementKind | None:
    return REL_KINDS.get(rel) or ("author" if "author" in rel.split() else None)


def _match_name(name: str) -> ElementKind | None:
    if not NAME_HINT.search(name):
        return None
    return next((kind for kind, words in NAME_PATTERNS if words.search(name)), None)


def _read_element(kind: ElementKind, element: HtmlElement, place: int) -> SemanticElement:
    if kind == "author":
        text = _read_author(element)
    else:
        lines = read_visible_lines(element) if kind == "heading" else [_read_short_text(element)]
        text = clean_line(" ".join(lines))
    attributes = element.attrib
    value = next((value for key, value in attributes.items() if key in DATE_KEYS and value), "")
    if kind == "date" and not value and TITLE_TIME.fullmatch(attributes.get("title", "")):
        value = attributes["title"]
    if kind == "date" and not value:
        held = (text for key, text in attributes.items() if key.startswith("data-"))
        value = next(filter(TITLE_TIME.fullmatch, held), "")
    name = f"{attributes.get('itemprop', '')} {attributes.get('class', '')} {attributes.get('id', '')}"
    return SemanticElement(
        kind,
        text,
        (attributes.get("content") or value)[:LONGEST_ELEMENT].strip(),
        name[:LONGEST_ELEMENT].lower().strip(),
        place,
    )


def _read_author(element: HtmlElement) -> str:
    """Return the names that microdata gives, else a line for each block and link that is not to a section."""
    if element.get("itemprop", "name") != "name":
        inner = (part for part in element.iter(etree.Element) if part.get("itemprop") == "name")
        names = [clean_line(part.get("content") or _read_short_text(part)) for part in islice(inner, 1)]
        if any(names):
            return "\n".join(names)
    if not _read_short_text(element):
        return ""
    sections = {
        " ".join("".join(link.itertext()).split())
        for link in element.iter("a")
        if SECTION_LINK.search(link.get("href") or "")
    }
    lines = map(clean_line, read_visible_lines(element, inline=INLINE_TAGS - {"a"}))
    return "\n".join(line for line in lines if line not in sections)


def _read_short_text(element: HtmlElement) -> str:
    """Return the text of an element, "" for a container with more than a name or date."""
    pieces = list(islice(element.itertext(), MOST_PIECES))
    short = len(pieces) < MOST_PIECES and sum(len(piece.strip()) for piece in pieces) <= LONGEST_ELEMENT
    return " ".join(pieces) if short else ""
