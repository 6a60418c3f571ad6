"""The lines of a page that may hold the date of its article, by their place around the headline."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

from lxml.html import HtmlElement

from shopwire.pipelines.extraction.boilerplate_rules import COMMENTS_START
from shopwire.pipelines.parsing.meta_tags import Meta
from shopwire.pipelines.parsing.visible_text import clean_line, read_visible_lines
from shopwire.storage.text.characters import EAST_ASIAN, HAN_CHARACTER
from shopwire.storage.text.folding import fold

LINES_ABOVE, HEADLINE_NEIGHBOURS = 5, 14
"""Date and byline are within this many visible lines above or below the headline."""

SHORTEST_PROSE, EAST_ASIAN_WEIGHT = 60.0, 3.0
EAST_ASIAN_CHARACTER = re.compile(f"[{EAST_ASIAN}]")
MIN_PROSE, LONGEST_LEAD = 200.0, 500.0
"""Length of text that an article has before comments begin, and the longest between headline and dateline."""

LONGEST_CATEGORY = 24.0
"""A longer link is the headline of another article."""


def measure_prose(line: str) -> float:
    """Return the length of a line if it can be a paragraph, else 0; East Asian characters count threefold."""
    if len(line) <= SHORTEST_PROSE / EAST_ASIAN_WEIGHT:
        return 0.0
    length = len(line) * (
        1.0 if line.isascii() or not EAST_ASIAN_CHARACTER.search(line) else EAST_ASIAN_WEIGHT
    )
    return length if length > SHORTEST_PROSE else 0.0


def cut_comments(lines: Sequence[str], title: str) -> tuple[Sequence[str], Sequence[str]]:
    """Return the lines above the comments of readers, with names and dates of their own, and the rest."""
    prose = 0.0
    start = next(_find_equal_lines(lines, title), len(lines))
    for number in range(start, len(lines)):
        line = lines[number]
        if prose < MIN_PROSE:
            prose += measure_prose(line)
        elif len(line) <= 60 and COMMENTS_START.fullmatch(line):
            return lines[:number], lines[number:]
    return lines, ()


def drop_elements(meta: Meta, lines: Sequence[str], below: Sequence[str]) -> Meta:
    """Return the metadata without authors and dates that are only in the comments `below` the `lines`."""
    if not below:
        return meta
    article, comments = "\n".join(lines), "\n".join(below)
    own = (
        element
        for element in meta.elements
        if (first := element.text.partition("\n")[0]) in article or first not in comments
    )
    return replace(meta, elements=tuple(own))


def cut_text(lines: Sequence[str]) -> Sequence[str]:
    """Return the lines above the text of the article, of which the first paragraphs may be a lead."""
    prose = 0.0
    for number, line in enumerate(lines):
        if prose >= LONGEST_LEAD:
            return lines[:number]
        prose += measure_prose(line)
    return lines


@dataclass(frozen=True, slots=True)
class NearLine:
    """A line near the headline: above it or below much text."""

    number: int
    above: bool = False
    late: bool = False


class Datelines:
    """The visible lines of a page, its headline and its links."""

    def __init__(self, tree: HtmlElement | None, lines: Sequence[str], title: str) -> None:
        self.tree = tree
        self.lines = lines
        self.title = fold(title)
        self.headlines = self._find_headlines(title)

    def list_near(self) -> Iterator[NearLine]:
        """Yield the lines near the headline, the nearest below it first, then those above."""
        seen = set()
        for place in self.headlines or [-1]:
            prose = 0.0
            for number in range(max(place, 0), min(place + HEADLINE_NEIGHBOURS, len(self.lines))):
                if number not in seen:
                    seen.add(number)
                    late = prose >= LONGEST_LEAD
                    yield NearLine(number, late=late)
                prose += measure_prose(self.lines[number]) if number > place else 0.0
        for place in self.headlines:
            for number in range(place - 1, max(place - LINES_ABOVE, 0) - 1, -1):
                if number not in seen:
                    seen.add(number)
                    yield NearLine(number, above=True)

    def is_link(self, text: str) -> bool:
        """Return whether a text is exactly that of a link."""
        return " ".join(text.split()) in self._links

    def is_in_longer_link(self, date: str) -> bool:
        """Return whether the text of a date is part of the linked headline of an article."""
        return any(date in link for link in self._links if len(link) > len(date) + LONGEST_CATEGORY)

    def is_behind_link(self, number: int) -> bool:
        """Return whether the line before is the linked headline of another article."""
        before = self.lines[number - 1] if number > 0 else ""
        length = len(before) * (2.0 if HAN_CHARACTER.search(before) else 1.0)
        return length > LONGEST_CATEGORY and fold(before) != self.title and self.is_link(before)

    @cached_property
    def _links(self) -> frozenset[str]:
        links = self.tree.iter("a") if self.tree is not None else ()
        # Most links have no element within them.
        texts = ("".join(link.itertext()) if len(link) else link.text or "" for link in links)
        return frozenset(" ".join(text.split()) for text in texts)

    def _find_headlines(self, title: str) -> list[int]:
        """Return the numbers of the lines that are the headline: that of the `h1`, else up to four."""
        places = list(islice(_find_equal_lines(self.lines, title), 4))
        if self.tree is None or not places or places[-1] - places[0] <= LINES_ABOVE:
            return places[-1:]
        for heading in self.tree.iter("h1"):
            if fold(clean_line("".join(heading.itertext()))) == self.title:
                above = len(read_visible_lines(self.tree, before=heading))
                return [min(places, key=lambda place: abs(place - above))]
        return [place for place in places if not self.is_link(self.lines[place])] or places


def _find_equal_lines(lines: Sequence[str], title: str) -> Iterator[int]:
    key = fold(title)
    shortest, longest = len(key), 2 * len(title)
    for number, line in enumerate(lines):
        if key and shortest <= len(line) <= longest and fold(line) == key:
            yield number
