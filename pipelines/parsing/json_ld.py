"""JSON-LD of a page, read with tolerance for invalid JSON and unusual structure."""

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urljoin, urlsplit

from shopwire.pipelines.parsing.visible_text import clean_line

Json = Mapping[str, object]

MOST_NODES = 500
MOST_JSON = 1_000_000
"""Longest JSON-LD block in characters; a longer one is cut."""

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
"""schema.org types of articles and their rank; a lower rank is preferred."""

REFERENCES = ("author", "publisher")
NESTED = ("@graph", "mainEntity", "mainEntityOfPage")
"""Keys whose value also describes this page; other keys lead to other pages."""


def find_article_nodes(text: str) -> Iterator[Json]:
    """Yield the nodes of a JSON-LD block that describe an article, outermost first.

    References to an author or publisher (`{"@id": …}`) are resolved.
    """
    nodes = list(_iterate_nodes(text))
    known = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)}
    for node in filter(_is_about_page, nodes):
        filled = {key: _resolve_reference(node[key], known) for key in REFERENCES if key in node}
        yield {**node, **filled}


def _resolve_reference(value: object, known: Mapping[object, Json]) -> object:
    if isinstance(value, list):
        return [_resolve_reference(item, known) for item in value if not isinstance(item, list)]
    if isinstance(value, dict) and not value.get("name") and isinstance(value.get("@id"), str):
        return known.get(value["@id"], value)
    return value


def rank_node(node: Json) -> int:
    """Return how specifically a node describes an article: 0 for news articles, 9 for unknown types."""
    kinds = node.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return min((ARTICLE_TYPES.get(str(name).lower(), 9) for name in names), default=9)


def sort_nodes(nodes: Iterable[Json], address: str, titles: str) -> list[Json]:
    """Return the nodes, the most specific first and those about other pages than `address` last.

    Where neither says so, a node whose headline is within the titles of the page comes first.
    """
    own = _shorten_address(address)

    def rank(node: Json) -> tuple[bool, int, bool]:
        about = {_shorten_address(urljoin(address, link)) for link in _list_addresses(node)} - {""}
        headline = clean_line(str(node.get("headline") or node.get("name") or ""))
        named = own in about or bool(headline and headline in titles)
        return bool(own and about and own not in about), rank_node(node), not named

    return sorted(nodes, key=rank)


def _list_addresses(node: Json) -> Iterator[str]:
    for value in map(node.get, ("url", "@id", "mainEntityOfPage")):
        link = value.get("@id") or value.get("url") if isinstance(value, dict) else value
        if isinstance(link, str):
            yield link[:2_000]


def _shorten_address(address: str) -> str:
    """Return host and path to compare, "" for the start page and for what is no URL."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    path = parts.path.strip("/") and f"{parts.path.rstrip('/')}?{parts.query}"
    return (parts.netloc.removeprefix("www.") + path).lower() if path else ""


def list_texts(value: object) -> list[str]:
    """Return the names in a JSON-LD value, which may be a text, a node, or lists of these."""
    found: list[str] = []
    queue = deque([value])
    for _ in range(MOST_NODES):
        if not queue:
            break
        item = queue.popleft()
        if isinstance(item, str):
            found.append(clean_line(item))
        elif isinstance(item, list):
            queue.extend(item)
        elif isinstance(item, dict):
            queue.append(item.get("name") or item.get("@value") or item.get("headline"))
    return [text for text in found if text]


def _iterate_nodes(text: str) -> Iterator[Json]:
    """Yield the nodes that describe this page, outermost first."""
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
    """Return the parsed JSON; tolerates comments, raw line breaks and trailing commas."""
    text = text[:MOST_JSON].strip().removeprefix("<!--").removesuffix("-->")
    text = text.strip().removeprefix("//<![CDATA[").removesuffix("//]]>").strip().rstrip(";")
    text = SURROGATE_ESCAPE.sub(r"\1", text)
    for repaired in (text, re.sub(r",(\s{0,200}[}\]])", r"\1", text)):
        try:
            return json.loads(repaired, strict=False)
        except (ValueError, RecursionError):
            continue
    return {key: match[1] for key, match in _find_plain_fields(text)}


# Matches a surrogate pair (group 1, preserved) or an escaped lone surrogate, which no file can store.
SURROGATE_ESCAPE = re.compile(
    r"(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)
PLAIN_FIELDS = {
    key: re.compile(rf'"{key}"\s{{0,20}}:\s{{0,20}}"((?:[^"\\\n]|\\.){{1,300}})"')
    for key in ("headline", "datePublished", "dateModified", "pubDate", "upDate")
}


def _find_plain_fields(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield the plain text fields of JSON that cannot be parsed."""
    return ((key, match) for key, field_ in PLAIN_FIELDS.items() if (match := field_.search(text)))


def _is_about_page(node: Json) -> bool:
    return rank_node(node) < 9 or any(key in node for key in ("headline", "datePublished", "pubDate"))
