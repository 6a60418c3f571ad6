"""Reads the newest part of a list in a worker process."""

import pickle
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from typing import Any, Generic, TypeVar

from shopwire.spiders.decoding.parser_limits import UnreadableListError
from shopwire.spiders.lists.newest import OLDEST
from shopwire.spiders.lists.reading import ListedLink, ListedList, NextList, Tally
from shopwire.spiders.lists.subject import is_about
from shopwire.spiders.readers.list_body import ListBody, ListItem, ListReader

# Links of one part; a list whose newest pages are all known has several parts.
MOST_LINKS = 20_000
# Characters of the links of one part: feeds have the texts of articles.
MOST_CHARACTERS = 32 * 1024 * 1024
# Links that are unpacked at a time.
CHUNK = 200

Item = TypeVar("Item")
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which links are wanted by what the list says: those since a time, and those about a subject."""

    since: datetime | None
    subject: re.Pattern[str] | None

    def choose(self, items: Iterable[ListItem], tally: Tally) -> Iterator[ListItem]:
        """Yield the items without the links that are not wanted, and count all links; an error of the list
        is its last item's, and noted."""
        try:
            for item in items:
                if not isinstance(item, ListedLink) or self._is_wanted(item, tally):
                    yield item
        except UnreadableListError as error:
            tally.error = error

    def _is_wanted(self, link: ListedLink, tally: Tally) -> bool:
        tally.links += 1
        if self.since and link.date and link.date < self.since:
            tally.old += 1
            return False
        if not is_about(self.subject, link.listed.title, link.categories):
            tally.off_subject += 1
            return False
        return True


@dataclass(frozen=True, slots=True)
class ListPart:
    """The newest links of a list, packed, so that the process that takes them can unpack a few at a time;
    and the newest further lists.

    `left_out` and `lists_left_out` count those that are older; `oldest` is the key of the oldest link, before
    which another part begins. `tally` counts the links of the whole list.
    """

    chunks: list[bytes]
    lists: list[ListedList]
    following: NextList | None
    left_out: int
    lists_left_out: int
    oldest: Key | None
    tally: Tally

    def list_items(self) -> Iterator[ListItem]:
        """Yield what the part has, the newest links first."""
        for chunk in self.chunks:
            yield from pickle.loads(chunk)  # noqa: S301 - packed by our own process
        yield from self.lists
        if self.following is not None:
            yield self.following


@dataclass(slots=True)
class _Newest(Generic[Item]):
    """The newest items, up to a number and a sum of sizes."""

    get_key: Callable[[Item], Key]
    get_size: Callable[[Item], int]
    left_out: int = 0
    size: int = 0
    # The oldest first; the number tells apart items with the same key.
    heap: list[tuple[Key, int, Item]] = field(default_factory=list)

    def add(self, item: Item) -> None:
        """Add an item, and leave out the oldest ones if there are too many."""
        heappush(self.heap, (self.get_key(item), -len(self.heap) - self.left_out, item))
        self.size += self.get_size(item)
        while len(self.heap) > MOST_LINKS or (self.size > MOST_CHARACTERS and len(self.heap) > 1):
            self.size -= self.get_size(heappop(self.heap)[-1])
            self.left_out += 1

    def take(self) -> list[Item]:
        """Return the items, the newest first."""
        return [item for _, _, item in sorted(self.heap, key=lambda one: one[:2], reverse=True)]


def read_part(body: ListBody, reader: ListReader, choice: Choice, before: Key | None = None) -> ListPart:
    """Return the newest part of a list; with `before` the newest links that are older than this key."""
    links = _Newest(get_link_key, _measure_link)
    lists = _Newest[ListedList](lambda one: one.key, lambda one: len(one.url))
    following: NextList | None = None
    tally = Tally()
    for item in choice.choose(reader.read(body), tally):
        if isinstance(item, ListedLink):
            if before is None or get_link_key(item) < before:
                links.add(item)
        elif before is None and isinstance(item, ListedList):
            lists.add(item)
        elif before is None and isinstance(item, NextList):
            following = item
    found = links.take()
    chunks = [pickle.dumps(found[at : at + CHUNK]) for at in range(0, len(found), CHUNK)]
    oldest = get_link_key(found[-1]) if found else None
    return ListPart(chunks, lists.take(), following, links.left_out, lists.left_out, oldest, tally)


def get_link_key(link: ListedLink) -> Key:
    """Return what orders the links of a list: the newest has the greatest."""
    return link.date or OLDEST, link.rank


def _measure_link(link: ListedLink) -> int:
    return len(link.url) + len(link.listed.text) + len(link.listed.title) + sum(map(len, link.others))
