"""Reads untrusted XML (feeds and sitemaps) piece by piece, also malformed one.

No tree is built, entities are not expanded and nothing is loaded, so that neither an entity bomb nor a
list of 1,000,000 entries takes memory.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html.entities import html5
from urllib.parse import urljoin

from lxml import etree

# Characters. Longer than any title; values are cut to it before they are processed.
LONGEST_VALUE = 5_000
# The text of an article in a feed may be this long.
LONGEST_CONTENT = 20_000
CONTENT_PATHS = frozenset(("+encoded", "content", "description", "summary"))
# An entry has a tenth of it; what follows is ignored.
MOST_FIELDS = 200
# Elements that are read below an entry: <author> and its <name>.
DEEPEST_FIELD = 2
# Open elements. Lists have ten, and some more for each tag that they do not close; a parser takes longer for
# each the more are open.
MOST_OPEN = 5_000
BASE = "{http://www.w3.org/XML/1998/namespace}base"
CDATA, CDATA_END = b"<![CDATA[", b"]]>"
BARE_MARKUP = re.compile(
    rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});)(?:([a-zA-Z][a-zA-Z0-9]{1,31});)?"
    rb"|<(?!/?[a-zA-Z_]|[!?])"
)
# In texts some programs open tags of HTML that they do not close; an entry has no such element in a text.
TEXT_PATHS = frozenset(("title", "description", "summary"))
BEHIND_TEXTS = frozenset(
    ("title", "description", "link", "guid", "pubdate", "published", "updated", "author")
)


@dataclass(slots=True)
class Field:
    """One element in an entry: its path below the entry, attributes and text.

    The path is in lower case without prefixes: `title`, `author/name`. That of an element whose namespace is
    not the entry's begins with a plus: `+creator`, `+news/title`.
    """

    path: str
    attributes: Mapping[str, str]
    texts: list[str] = field(default_factory=list)
    length: int = 0

    @property
    def text(self) -> str:
        """Return the text of the element and of those in it, cut to `LONGEST_VALUE`."""
        return "".join(self.texts)[:LONGEST_VALUE].strip()

    @property
    def longest(self) -> int:
        """Return how many characters of the text are read."""
        return LONGEST_CONTENT if self.path in CONTENT_PATHS else LONGEST_VALUE

    def add_text(self, text: str) -> None:
        """Add a piece of the text, unless enough of it was read. A parser calls this for each entity, so it
        must not look at the pieces before."""
        if self.length < self.longest:
            self.texts.append(text[: self.longest])
            self.length += len(text)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list: its name as in `Field.path`, its own attributes and text, and its fields. `base`
    (`xml:base`) is what its relative addresses are relative to, empty for the list itself."""

    name: str
    own: Field
    fields: list[Field] = field(default_factory=list)
    base: str = ""

    def resolve(self, url: str, attributes: Mapping[str, str]) -> str:
        """Return an address in an element with these attributes, relative to the list at most."""
        return join_base(join_base(self.base, attributes.get(BASE, "")), url)

    def get_text(self, *paths: str) -> str:
        """Return the text of the first field with one of these paths, in their order, that has a text."""
        for path in paths:
            for one in self.fields:
                if one.path == path and (text := one.text):
                    return text
        return ""


def join_base(base: str, url: str) -> str:
    """Return an address relative to a base; the address itself if one is invalid, or both are too long."""
    try:
        joined = urljoin(base, url) if base else url
    except ValueError:
        return url
    return joined if len(joined) <= LONGEST_VALUE else url


def escape_bare_markup(slices: Iterable[bytes]) -> Iterator[bytes]:
    """Yield slices of XML in which each `&` begins an entity that XML has, and each `<` a tag.

    A bare `&`, as in an address, becomes `&amp;`, a bare `<`, as in `<3`, becomes `&lt;`; an entity of HTML
    its character. No slice may end within an entity or a tag. A CDATA section is left as it is.
    """
    in_cdata = False
    for data in slices:
        pieces = []
        at = 0
        while at < len(data):
            end = data.find(CDATA_END if in_cdata else CDATA, at)
            end = len(data) if end < 0 else end + len(CDATA_END if in_cdata else CDATA)
            piece = data[at:end]
            pieces.append(piece if in_cdata else BARE_MARKUP.sub(_escape, piece))
            if end < len(data) or piece.endswith(CDATA_END if in_cdata else CDATA):
                in_cdata = not in_cdata
            at = end
        yield b"".join(pieces)


def _escape(match: re.Match[bytes]) -> bytes:
    if match[0] == b"<":
        return b"&lt;"
    name = match[1]
    if name and (character := html5.get(f"{name.decode()};")):
        return character.encode()
    return b"&amp;" + match[0][1:]


def read_entries(slices: Iterable[bytes], *names: str) -> Iterator[Entry]:
    """Yield the entries with these names, up to the first error that the parser cannot recover from, or to
    where more than `MOST_OPEN` elements are open.

    The slices are in UTF-8 and begin with the root element. Entries that never end are left out.
    """
    builder = _EntryBuilder(frozenset(names))
    parser = etree.XMLParser(
        target=builder,
        encoding="utf-8",
        resolve_entities="internal",  # type: ignore[arg-type]  # the stubs do not know this value
        no_network=True,
        load_dtd=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for data in slices:
            parser.feed(data)
            yield from builder.take()
    except (etree.XMLSyntaxError, _TooDeepError):
        # The entries before the error have been read; a list without any is reported as such.
        yield from builder.take()


class _TooDeepError(Exception):
    """Raised where too many elements are open: the parser calls nothing of its target any more."""


class _EntryBuilder:
    """Builds entries from the events of a parser."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names
        self._built: list[Entry] = []
        self._entry: Entry | None = None
        self._namespace = ""
        self._count = 0
        # The bases of the open elements around the entry.
        self._bases: list[str] = []
        # The open elements in the entry, and the fields that their text belongs to.
        self._depth = 0
        self._open: list[Field] = []

    def take(self) -> list[Entry]:
        """Return the entries that were built since the last call."""
        built, self._built = self._built, []
        return built

    def start(self, tag: str | bytes, attrib: dict[str | bytes, str | bytes]) -> None:
        """Begin an element. Called by the parser. Raises `_TooDeepError`."""
        self._count += 1
        if self._count > MOST_OPEN:
            raise _TooDeepError
        namespace, name = _split_tag(str(tag))
        attributes = {str(key): str(value)[:LONGEST_VALUE] for key, value in attrib.items()} if attrib else {}
        if self._entry is not None and (name, namespace) == (self._entry.name, self._namespace):
            # No entry is in another one: the end of the first is missing.
            self._finish()
        if self._entry is None:
            if name in self._names:
                base = join_base(self._bases[-1] if self._bases else "", attributes.get(BASE, ""))
                self._entry = Entry(name, Field("", attributes), base=base)
                self._namespace, self._depth, self._open = namespace, 0, [self._entry.own]
            else:
                self._bases.append(
                    join_base(self._bases[-1] if self._bases else "", attributes.get(BASE, ""))
                )
            return
        self._depth += 1
        if self._depth > 1 and namespace == self._namespace and self._is_behind_text(name):
            self._depth = 1
            del self._open[1:]
        if self._depth > DEEPEST_FIELD or len(self._entry.fields) >= MOST_FIELDS:
            return
        path = name if namespace in ("", self._namespace) or _is_sitemap(namespace) else f"+{name}"
        if self._depth == DEEPEST_FIELD:
            path = f"{self._open[1].path}/{name}" if len(self._open) > 1 else name
        found = Field(path, attributes)
        self._entry.fields.append(found)
        self._open.append(found)

    def _is_behind_text(self, name: str) -> bool:
        """Return whether an element in a text of the entry is in fact a field behind it."""
        return name in BEHIND_TEXTS and len(self._open) > 1 and self._open[1].path in TEXT_PATHS

    def data(self, data: str | bytes) -> None:
        """Add text to the open fields. Called by the parser."""
        if self._entry is None:
            return
        text = str(data)
        for one in self._open[1:] or self._open:
            one.add_text(text)

    def end(self, tag: str | bytes) -> None:
        """End an element. Called by the parser."""
        self._count -= 1
        if self._entry is None:
            if self._bases:
                self._bases.pop()
            return
        if not self._depth:
            self._finish()
            return
        if self._depth < len(self._open):
            self._open.pop()
        self._depth -= 1

    def _finish(self) -> None:
        if self._entry is not None:
            self._built.append(self._entry)
        self._entry = None

    def comment(self, text: str | bytes) -> None:
        """Ignore a comment. Called by the parser."""

    def close(self) -> None:
        """End the document. Called by the parser."""


@lru_cache(maxsize=1_000)
def _split_tag(tag: str) -> tuple[str, str]:
    """Return namespace and name of a tag in lower case; an undeclared prefix counts as a namespace."""
    namespace, _, name = tag.rpartition("}")
    if not namespace and ":" in name:
        namespace, _, name = name.rpartition(":")
    return namespace.removeprefix("{").lower(), name.lower()


def _is_sitemap(namespace: str) -> bool:
    """Return whether a namespace is that of the sitemap protocol in one of its versions, no extension's."""
    return "schemas/sitemap/" in namespace
