"""Extracts articles that are only in the scripts of a page, because a script draws the page."""

import html as entities
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice

from lxml import html

from shopwire.pipelines.extraction.layout import build_layout
from shopwire.pipelines.extraction.regions import measure_length
from shopwire.pipelines.parsing.document import PARSER
from shopwire.pipelines.parsing.json_ld import Json
from shopwire.pipelines.parsing.script_json import parse_json, read_script_values
from shopwire.storage.text.folding import fold

BODY_KEY = re.compile(r"body|content|html|detail|maintext|fulltext|^text$|^story$", re.IGNORECASE)
HEADLINE_KEY = re.compile(
    r"(?:article|news|post|page|story|main|content|doc|widget|msg)?_?(?:title|headline)", re.IGNORECASE
)
FIELD_KEYS = {
    "headline": HEADLINE_KEY,
    "author": re.compile(
        r"(?:article|news|post|primary)?_?(?:authors?|author_?name|byline|writer|reporter|nick_?name)",
        re.IGNORECASE,
    ),
    "datePublished": re.compile(
        r"(?:date|first)?_?publish(?:ed)?_?(?:time|date|at|on)?(?:_?time)?|pub_?(?:time|date)|"
        r"create_?(?:d_?at|time)|post_?(?:date|time)|date(?:_gmt)?|ct",
        re.IGNORECASE,
    ),
}
NAME_KEYS = ("name", "nickname", "displayName", "rendered")
EPOCH = re.compile(r"1\d{9}(?:\d{3})?")

KIND_KEYS = ("type", "_type", "__typename", "nodeType", "nodeName", "tag", "tagName", "name", "kind")
TEXT_KEYS = (
    "children", "content", "blocks", "paragraphs", "nodes", "items", "text", "html", "value", "data",
    "insert", "body", "props",
)  # fmt: skip
NO_TEXT = re.compile(
    r"image|img|figure|photo|picture|video|audio|embed|caption|advert|^ad$|script|^style$|button|"
    r"related|newsletter|promo|gallery|iframe|card|comment|reply|banner",
    re.IGNORECASE,
)
TEXT_KIND = re.compile(r"text|prose|markup|html|copy", re.IGNORECASE)
BLOCK = re.compile(
    r"^p$|section|^h[1-6]$|^li$|paragraph|heading|list_?-?item|quote|^block$|unstyled", re.IGNORECASE
)

TAG = re.compile(r"<[^<>]*+>")
BLOCK_TAG = re.compile(r"</?(?:p|div|br|section|h[1-6]|li)\b", re.IGNORECASE)
SENTENCE = re.compile(r"[.!?…][\"'”’)]*+(?:\s|$)|[。！？]")
CODE = re.compile(r"[{};]|\bfunction\b|=>")
COOKIES = re.compile(r"cookies?\b", re.IGNORECASE)

MIN_EMBEDDED_LENGTH = 100.0
"""A shorter text (see `layout.measure_length`) is a label or a summary."""
MAX_VALUES = 50_000
MAX_KEYS = 200
MAX_DEPTH = 40
SAME_HEADLINE = 4.0
"""An article with a headline of the page is preferred to another one up to as many times longer."""


@dataclass(frozen=True, slots=True)
class EmbeddedArticle:
    """The lines of a body in a script, and its `declared` metadata as a JSON-LD node."""

    lines: list[str] = field(default_factory=list)
    declared: Json = field(default_factory=dict)


def extract_embedded_lines(tree: html.HtmlElement) -> list[str]:
    """Return the lines of the longest body in the scripts of a page, none where there is no body."""
    return find_embedded_article(tree).lines


def find_embedded_article(tree: html.HtmlElement) -> EmbeddedArticle:
    """Return the article in the scripts of a page, an empty one where there is none.

    That is the longest text of several sentences: HTML, plain text, or a tree of nodes.
    """
    page_titles = fold(" ".join(tree.xpath("//title/text() | //meta[@property='og:title']/@content")))
    best, best_score, best_owner = "", 0.0, dict[str, object]()
    for value in read_script_values(tree):
        for key, text, owner in _find_texts(value):
            score = _score_text(key, text)
            headline = fold(_read_fields(owner).get("headline", "")) if score else ""
            if len(headline) > 3 and headline in page_titles:
                score *= SAME_HEADLINE
            if score > best_score:
                best, best_score, best_owner = text, score, owner
    if not best:
        return EmbeddedArticle()
    fields = _read_fields(best_owner)
    return EmbeddedArticle(_split_body(best), {"@type": "Article", **fields} if fields else {})


def _find_texts(document: object) -> Iterator[tuple[str, str, dict[str, object]]]:
    """Yield the texts of a document, each with its key and the object with the fields beside it."""
    queue: deque[tuple[str, object, dict[str, object]]] = deque([("", document, {})])
    for _ in range(MAX_VALUES):
        if not queue:
            return
        key, value, owner = queue.popleft()
        if isinstance(value, str):
            yield key, value, owner
            if value[:1] in ("{", "["):
                queue.append((key, parse_json(value), owner))
        elif isinstance(value, list):
            if _is_tree(value):
                yield "content", _join_nodes(value), owner
            else:
                queue.extend((key, item, owner) for item in value)
        elif isinstance(value, dict):
            if _is_titled(value) or not owner:
                owner = value
            if {"markups", "sections"} <= value.keys():
                yield "content", _read_mobiledoc(value["sections"]), owner
                continue
            queue.extend((str(key), item, owner) for key, item in value.items())


def _read_mobiledoc(sections: object) -> str:
    """Return the paragraphs and lists of Mobiledoc, the format of Ghost.

    A section is a number for its kind, a tag, and runs of text as `[0, marks, closed, text]`, a list of runs
    in a list.
    """
    rows = (
        [row for row in sections if isinstance(row, list) and len(row) == 3]
        if isinstance(sections, list)
        else []
    )
    parts = [
        part for kind, _, runs in rows if isinstance(runs, list) for part in (runs if kind == 3 else [runs])
    ]
    return "\n".join(
        "".join(run[3] for run in part if isinstance(run, list) and len(run) == 4 and isinstance(run[3], str))
        for part in parts
        if isinstance(part, list)
    )


def _is_tree(values: list[object]) -> bool:
    """Return whether a list is the nodes of a text: nodes of blocks of text without titles, or sentences."""
    kinds = [_read_kind(node) for node in values if not _is_titled(node)]
    nodes = sum(1 for kind in kinds if kind)
    blocks = sum(1 for kind in kinds if BLOCK.search(kind) or TEXT_KIND.search(kind))
    sentences = sum(1 for text in values if isinstance(text, str) and SENTENCE.search(text))
    return values[:1] != ["$"] and 2 * max(nodes if blocks > 1 else 0, sentences) > len(values)


def _is_titled(node: object) -> bool:
    return isinstance(node, dict) and any(
        len(key) < 40 and HEADLINE_KEY.fullmatch(key) and _read_field(value)
        for key, value in islice(node.items(), MAX_KEYS)
    )


def _read_kind(node: object) -> str:
    if isinstance(node, list):
        return str(node[1]) if node[:1] == ["$"] and len(node) > 3 else ""
    if not isinstance(node, dict):
        return ""
    kinds = (str(node[key]) for key in KIND_KEYS if isinstance(node.get(key), str))
    kind = next((kind for kind in kinds if kind.lower() not in ("tag", "element")), "")
    return kind or ("text" if "insert" in node else "")


def _join_nodes(node: object, *, inline: bool = False, depth: int = 0) -> str:
    """Return the text of a tree of nodes, one line for each block."""
    kind = _read_kind(node)
    if depth > MAX_DEPTH or NO_TEXT.search(kind):
        return ""
    if isinstance(node, str):
        return node
    if isinstance(node, list) and not kind:
        separator = "" if inline else "\n"
        return separator.join(_join_nodes(item, inline=inline, depth=depth + 1) for item in node)
    if isinstance(node, list):
        content: object = node[3]
    elif isinstance(node, dict):
        content = next((node[key] for key in TEXT_KEYS if isinstance(node.get(key), str | list | dict)), "")
    else:
        return ""
    is_block = BLOCK.search(kind) is not None
    inner = _join_nodes(content, inline=inline or is_block, depth=depth + 1)
    return f"\n{inner}\n" if is_block else inner


def _score_text(key: str, text: str) -> float:
    """Return how much a text looks like a body: 0 for labels, code and notices of cookies."""
    if len(text) < MIN_EMBEDDED_LENGTH / 2.5:
        return 0.0
    plain = entities.unescape(TAG.sub(" ", entities.unescape(text) if "&lt;" in text else text))
    length = measure_length(plain)
    is_named = BODY_KEY.search(key) is not None
    if (
        length < MIN_EMBEDDED_LENGTH
        or len(SENTENCE.findall(plain)) < (1 if is_named else 3)
        or len(CODE.findall(plain)) > len(plain) / 100
        or len(COOKIES.findall(plain)) > length / 400
    ):
        return 0.0
    return length * (2 if is_named else 1)


def _read_fields(owner: Mapping[str, object]) -> dict[str, str]:
    """Return headline, author and time of the object that holds a body, named as in JSON-LD."""
    fields: dict[str, str] = {}
    for key, value in islice(owner.items(), MAX_KEYS):
        for name, pattern in FIELD_KEYS.items():
            if name not in fields and len(key) < 40 and pattern.fullmatch(key):
                text = _read_field(value)
                if 1 < len(text) < 300:
                    fields[name] = text
    source = owner.get("source")
    if "author" not in fields and isinstance(source, str) and "/" not in source:
        fields["author"] = source[:300]
    return fields


def _read_field(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, map(_read_field, value[:5])))
    if isinstance(value, dict):
        return next((v for k in NAME_KEYS if isinstance(v := value.get(k), str)), "")
    text = str(value).strip() if isinstance(value, str | int) else ""
    if EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC).isoformat()
    return text


def _split_body(text: str) -> list[str]:
    # JSON may contain halves of surrogate pairs, which cannot be encoded.
    text = text.encode("utf-8", "replace").decode()
    if not BLOCK_TAG.search(text):
        text = entities.unescape(text)
    if not BLOCK_TAG.search(text):
        return [line.strip() for line in TAG.sub("", text).splitlines() if line.strip()]
    text = text.replace("\n", "<br>") if "<p" not in text else text
    tree = html.document_fromstring(f"<body>{text}</body>".encode(), parser=PARSER)
    body = tree.find("body")
    return [line.text for line in build_layout(body).lines] if body is not None else []
