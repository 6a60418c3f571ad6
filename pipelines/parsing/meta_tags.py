"""What a page says of itself to machines: meta tags, JSON-LD, elements named for what they hold."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal

from lxml import etree
from lxml.html import HtmlElement

from shopwire.pipelines.parsing.json_ld import Json, article_nodes, rank
from shopwire.pipelines.parsing.visible_text import clean, visible_lines

Kind = Literal["author", "date", "origin", "tag", "heading"]

MOST_MARKS, MOST_PIECES = 400, 60
LONGEST = 300
"""Characters of a marked element that are read: what is longer is a container, not a name."""

MARKS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "author",
        re.compile(
            r"(?:^|[\s_-])(?:(?:post|entry|article)?-?authors?-?(?:name)?|by-?line|writer|reporter"
            r"|zuozhe)(?:$|[\s_-])"
        ),
    ),
    ("date", re.compile(r"date|time(?!line|r|ful|s\b)|publish|posted|riqi|shijian")),
    ("origin", re.compile(r"(?:^|[\s_-])(?:source|origin|laiyuan|media-?name)(?:$|[\s_-])")),
)
"""Words in `class` and `id` by which sites name the parts of a byline."""

HINT = re.compile(
    "auth|date|time|line|publish|posted|report|writer|source|origin|zuozhe|riqi|shijian|laiyuan|media"
)
"""Stands in every name that MARKS knows, and is cheaper to look for."""

DATE_ATTRIBUTES = (
    "datetime",
    "data-datetime",
    "data-time",
    "data-timestamp",
    "data-date",
    "data-publish-time",
    "data-pubtime",
)
ITEMPROPS: Mapping[str, Kind] = {
    "author": "author",
    "datepublished": "date",
    "datecreated": "date",
    "datemodified": "date",
    "keywords": "tag",
    "headline": "heading",
}


DECLARING = ("meta", "title", "script", "link")
"""Elements that speak to machines only."""

NAMED: Mapping[str, Kind] = {"h1": "heading", "time": "date"}
RELATIONS: Mapping[str, Kind] = {"author": "author", "tag": "tag", "category tag": "tag"}
CONTAINERS = frozenset({"body", "html", "main", "article", "form", "input", "img", "nav", "style"})


@dataclass(frozen=True, slots=True)
class Mark:
    """An element that says what it holds: its kind, text, machine-readable value and name."""

    kind: Kind
    text: str
    value: str
    name: str
    place: int


@dataclass(frozen=True, slots=True)
class Meta:
    """Everything a page declares, read once.

    `names` maps the lower-cased name of a meta tag to its contents in order; `article` is the
    JSON-LD node that describes this page ({} without one), `others` what else JSON-LD says of it;
    `marks` are elements named for what they hold, in document order, `place` counting elements.
    """

    title: str = ""
    language: str = ""
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    articles: tuple[Json, ...] = ()
    marks: tuple[Mark, ...] = ()
    canonical: str = ""

    def first(self, *names: str) -> str:
        """The first content that is not empty, the names tried in the order given."""
        return next((value for name in names for value in self.names.get(name, ()) if value), "")

    def marked(self, kind: Kind) -> list[Mark]:
        """The marks of one kind, in document order."""
        return [mark for mark in self.marks if mark.kind == kind]

    def stated(self, key: str) -> Iterator[object]:
        """What the JSON-LD nodes say under a key, the best node first."""
        return (node[key] for node in self.articles if node.get(key))


def read_meta(tree: HtmlElement, scope: HtmlElement | None = None) -> Meta:
    """Return what a parsed page declares; its semantic elements only within `scope`, if that is given.

    Never raises on a hostile page and never changes the tree.
    """
    titles = (clean(element.text or "") for element in tree.iter("title"))
    links = (
        (element.get("href") or "").strip()
        for element in tree.iter("link")
        if (element.get("rel") or "").lower() == "canonical"
    )
    nodes = (
        node
        for element in tree.iter("script")
        if "ld+json" in (element.get("type") or "")
        for node in article_nodes(element.text or "")
    )
    return Meta(
        title=next(filter(None, titles), ""),
        language=(tree.get("lang") or "").strip().lower()[:20],
        names=_read_names(tree),
        articles=tuple(sorted(nodes, key=rank)),
        marks=tuple(islice(_find_elements(tree if scope is None else scope), MOST_MARKS)),
        canonical=next(filter(None, links), ""),
    )


def _read_names(tree: HtmlElement) -> dict[str, tuple[str, ...]]:
    names: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        keys = map(element.get, ("property", "name", "itemprop", "http-equiv"))
        name, content = next(filter(None, keys), None), element.get("content")
        if name and content:
            names.setdefault(" ".join(name.lower().split()), []).append(clean(content))
    return {name: tuple(contents) for name, contents in names.items()}


def _find_elements(scope: HtmlElement) -> Iterator[Mark]:
    known: dict[str, Kind | None] = {}
    for place, element in enumerate(scope.iter(etree.Element)):
        if kind := _kind(element, known):
            mark = _mark(kind, element, place)
            if mark.text or mark.value:
                yield mark


def _kind(element: HtmlElement, known: dict[str, Kind | None]) -> Kind | None:
    """What an element is named for; `known` remembers the names seen on this page."""
    tag = element.tag
    if tag in NAMED:
        return NAMED[tag]
    keys = element.keys()
    if not keys or tag in DECLARING:
        return None
    # Asking which attributes there are is cheaper than asking for each.
    if "itemprop" in keys and (kind := ITEMPROPS.get(element.get("itemprop", "").lower())):
        return kind
    if "rel" in keys and (kind := RELATIONS.get(element.get("rel", ""))):
        return kind
    if tag in CONTAINERS or not ("class" in keys or "id" in keys):
        return None
    name = f"{element.get('class', '')} {element.get('id', '')}"[:LONGEST]
    if name not in known:
        known[name] = _named_for(name.lower())
    return known[name]


def _named_for(name: str) -> Kind | None:
    if not HINT.search(name):
        return None
    return next((kind for kind, words in MARKS if words.search(name)), None)


def _mark(kind: Kind, element: HtmlElement, place: int) -> Mark:
    text = " ".join(visible_lines(element)) if kind == "heading" else _short_text(element)
    attributes = element.attrib
    value = next((attributes[key] for key in DATE_ATTRIBUTES if attributes.get(key)), "")
    name = f"{attributes.get('itemprop', '')} {attributes.get('class', '')} {attributes.get('id', '')}"
    return Mark(
        kind,
        clean(text),
        (attributes.get("content") or value)[:LONGEST].strip(),
        name[:LONGEST].lower().strip(),
        place,
    )


def _short_text(element: HtmlElement) -> str:
    """The text of an element, "" when it is a container of more than a name or a date."""
    pieces = list(islice(element.itertext(), MOST_PIECES))
    short = len(pieces) < MOST_PIECES and sum(len(piece.strip()) for piece in pieces) <= LONGEST
    return " ".join(pieces) if short else ""
