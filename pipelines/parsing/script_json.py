"""Values in the scripts of a page: JSON, JSON in string literals, and literals of JavaScript objects."""

import json
import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import unquote

from lxml.html import HtmlElement

MAX_SCRIPT_LENGTH = 4_000_000
MAX_ASSIGNMENTS = 40
MAX_LITERALS = 20_000

DECODER = json.JSONDecoder(strict=False)
ENCODED = ("%7B", "%5B")
"""The start of an object and a list of JSON in the encoding of URLs."""

ASSIGNED = re.compile(r"[=(:]\s{0,9}(?=[{\[]\s{0,9}[\"{\[])")
LITERAL = re.compile(
    r"(?:[\"']?\b([A-Za-z_$][\w$]{0,60})[\"']?\s{0,9}[:=]\s{0,9})?"
    r"(?:\"((?:[^\"\\\n]|\\.)*+)\"?|'((?:[^'\\\n]|\\.)*+)'?|`((?:[^`\\]|\\.)*+)`?)",
    re.DOTALL,
)
"""A string literal with the name it is assigned to. The closing quote is optional: else a script of
unclosed quotes would take quadratic time."""
ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
CONTROL_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "", "f": "", "v": "", "0": "", "\n": ""}
STREAM_ROW = re.compile(r"([0-9a-f]{1,8}):(?:T([0-9a-f]{1,8}),)?")
"""A row of React's stream (`self.__next_f`): a number with a value of JSON, or with a text and its length."""


def read_script_values(tree: HtmlElement) -> Iterator[object]:
    """Yield the JSON values and string literals in the scripts of a page.

    The literals of an object that is no JSON come as one mapping of their names in a script.
    """
    stream: list[str] = []
    for script in tree.iter("script"):
        source = (script.text or "").strip()
        if not 40 < len(source) < MAX_SCRIPT_LENGTH:
            continue
        if source[:3].upper() in ENCODED:
            source = unquote(source)
        if source[0] in "{[<":
            yield source if source[0] == "<" else parse_json(source)
            continue
        found = list(_find_assigned(source))
        yield from found
        names: dict[str, object] = {}
        for match in islice(LITERAL.finditer(source), MAX_LITERALS):
            text = _unescape(match[2] or match[3] or match[4] or "")
            if "__next_f" in source[:200]:
                stream.append(text)
            elif text[:3].upper() in ENCODED or text[:1] in ("{", "["):
                yield parse_json(unquote(text) if text[0] == "%" else text)
            elif text and not found:
                names.setdefault(match[1] or str(match.start()), text)
        if names:
            yield names
    yield from _read_stream("".join(stream))


def _find_assigned(source: str) -> Iterator[object]:
    """Yield the objects and lists of JSON after an equals sign, a bracket or a colon."""
    position = 0
    for _ in range(MAX_ASSIGNMENTS):
        match = ASSIGNED.search(source, position)
        if match is None:
            return
        try:
            value, position = DECODER.raw_decode(source, match.end())
        except (ValueError, RecursionError):
            # JavaScript that is no JSON: its literals are read one by one.
            position = match.end()
        else:
            yield value


def parse_json(text: str) -> object:
    """Return the value at the start of a text, None where it is no JSON."""
    try:
        return DECODER.raw_decode(text)[0]
    except (ValueError, RecursionError):
        return None


def _unescape(literal: str) -> str:
    """Return the text of a JavaScript string literal."""
    if "\\" not in literal:
        return literal
    text = ESCAPE.sub(_decode_escape, literal)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _decode_escape(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else CONTROL_ESCAPES.get(match[3], match[3])


def _read_stream(stream: str) -> Iterator[object]:
    position = 0
    while match := STREAM_ROW.match(stream, position):
        if match[2]:
            # The length counts bytes, so the text may not end where as many characters do.
            text = stream[match.end() : match.end() + int(match[2], 16)]
            text = text.encode()[: int(match[2], 16)].decode("utf-8", "ignore")
            position = match.end() + len(text)
            yield text
        else:
            end = stream.find("\n", match.end())
            end = len(stream) if end < 0 else end
            position = end + 1
            if stream[match.end() : match.end() + 1] in ("{", "["):
                yield parse_json(stream[match.end() : end])
