"""What a page says of itself in JSON-LD, read as sites write it and not as they should."""

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping

from shopwire.pipelines.parsing.visible_text import clean

Json = Mapping[str, object]

MOST_NODES = 500
MOST_JSON = 1_000_000
"""Characters of one JSON-LD block: a longer one is data, not a description of an article."""

ARTICLE_TYPES = {
    "newsarticle": 0,
    "reportagenewsarticle": 0,
    "analysisnewsarticle": 0,
    "opinionnewsarticle": 0,
    "reviewnewsarticle": 0,
    "backgroundnewsarticle": 0,
    "blogposting": 0,
    "article": 1,
    "liveblogposting": 1,
    "techarticle": 1,
    "scholarlyarticle": 1,
    "report": 1,
    "socialmediaposting": 1,
    "discussionforumposting": 1,
    "advertisercontentarticle": 1,
    "videoobject": 2,
    "review": 2,
    "recipe": 2,
    "webpage": 3,
    "itempage": 3,
    "aboutpage": 4,
}
"""schema.org types that describe an article, lower rank first believed."""

REFERRED = ("author", "publisher")
NESTED = ("@graph", "mainEntity", "mainEntityOfPage")
"""Keys below which another node describes this page; others name other pages (lists, mentions)."""


def article_nodes(text: str) -> Iterator[Json]:
    """The nodes of one block that describe an article, those that stand outermost first.

    An author or publisher that is only referred to (`{"@id": …}`) is filled in from its own node.
    """
    nodes = list(_nodes(text))
    known = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)}
    for node in filter(_describes, nodes):
        filled = {key: _resolve(node[key], known) for key in REFERRED if key in node}
        yield {**node, **filled}


def _resolve(value: object, known: Mapping[object, Json]) -> object:
    if isinstance(value, list):
        return [_resolve(item, known) for item in value if not isinstance(item, list)]
    if isinstance(value, dict) and not value.get("name") and isinstance(value.get("@id"), str):
        return known.get(value["@id"], value)
    return value


def rank(node: Json) -> int:
    """How surely a node describes the page: 0 a news article, 9 anything."""
    kinds = node.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return min((ARTICLE_TYPES.get(str(name).lower(), 9) for name in names), default=9)


def texts(value: object) -> list[str]:
    """The names in a JSON-LD value of whatever shape: text, node, or lists of them."""
    found: list[str] = []
    queue = deque([value])
    for _ in range(MOST_NODES):
        if not queue:
            break
        item = queue.popleft()
        if isinstance(item, str):
            found.append(clean(item))
        elif isinstance(item, list):
            queue.extend(item)
        elif isinstance(item, dict):
            queue.append(item.get("name") or item.get("@value") or item.get("headline"))
    return [text for text in found if text]


def _nodes(text: str) -> Iterator[Json]:
    """The JSON-LD nodes that speak of this page, those that stand outermost first."""
    queue: deque[object] = deque([_parse(text)])
    for _ in range(MOST_NODES):
        if not queue:
            return
        item = queue.popleft()
        if isinstance(item, list):
            queue.extend(item)
        elif isinstance(item, dict):
            yield item
            queue.extend(item[key] for key in NESTED if isinstance(item.get(key), dict | list))


def _parse(text: str) -> object:
    """Read JSON as sites write it: in comments, with raw line breaks, with commas too many."""
    text = text[:MOST_JSON].strip().removeprefix("<!--").removesuffix("-->")
    text = text.strip().removeprefix("//<![CDATA[").removesuffix("//]]>").strip().rstrip(";")
    text = HALF_CHARACTER.sub(r"\1", text)
    for repaired in (text, re.sub(r",(\s{0,200}[}\]])", r"\1", text)):
        try:
            return json.loads(repaired, strict=False)
        except (ValueError, RecursionError):
            continue
    return {key: match[1] for key, match in _salvaged(text)}


# A whole pair, or the escape of a lone surrogate: the latter no file and no store takes.
HALF_CHARACTER = re.compile(
    r"(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)
SALVAGED = {
    key: re.compile(rf'"{key}"\s{{0,20}}:\s{{0,20}}"((?:[^"\\\n]|\\.){{1,300}})"')
    for key in ("headline", "datePublished", "dateModified", "pubDate", "upDate")
}


def _salvaged(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """What can be read of JSON that is broken beyond repair: the plain fields."""
    return ((key, match) for key, field_ in SALVAGED.items() if (match := field_.search(text)))


def _describes(node: Json) -> bool:
    return rank(node) < 9 or any(key in node for key in ("headline", "datePublished", "pubDate"))
