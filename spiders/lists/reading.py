"""The state of reading a list with the further lists that it names, and what the crawl log says of it."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from time import monotonic

from shopwire.spiders.decoding.parser_limits import UnreadableListError
from shopwire.spiders.lists.json_article import ArticleRequest
from shopwire.spiders.lists.newest import NEWEST, OLDEST, Newest, read_numbers
from shopwire.spiders.page import Listed
from shopwire.storage.crawl_log.outcomes import Outcome

# More links of one list, or more lists in one crawl, are left for the next crawl.
MAX_LINKS_PER_LIST = 2000
MAX_LISTS_PER_CRAWL = 200
# Hosts that the crawl log names of those to which links of a list lead.
MOST_HOSTS = 2
# Seconds that reading a list may take at a time; then the other requests of the crawl go on.
SLICE_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class ListedLink:
    """One entry of a list: the URL of a page, and the fields that the list contains.

    `others` are further addresses of the entry, for the case that the first is not the source's; `at` is
    when the page was published if that is known from where the link stands, else `listed.modified` counts;
    `rank` orders the entries of one list without dates: the newest has the highest. `article` is the request
    for the article if the page does not contain it.
    """

    url: str
    listed: Listed = field(default_factory=Listed)
    others: tuple[str, ...] = ()
    at: datetime | None = None
    rank: int = 0
    categories: tuple[str, ...] = ()
    article: ArticleRequest | None = None

    @property
    def date(self) -> datetime | None:
        """Return when the page was published or last changed, None if the list does not say."""
        return self.at or self.listed.modified


@dataclass(frozen=True, slots=True)
class ListedList:
    """A further list that a list names, when it last changed, and its place in the list."""

    url: str
    depth: int
    modified: datetime | None = None
    rank: int = 0

    @property
    def key(self) -> tuple[datetime, tuple[int, ...], int]:
        """Return what orders lists: the newest has the greatest."""
        return self.modified or OLDEST, read_numbers(self.url), self.rank


@dataclass(frozen=True, slots=True)
class NextList:
    """The list that continues a list, by the URL as the list has it."""

    url: str


@dataclass(frozen=True, slots=True)
class ListedPage:
    """A link that is to be requested: its URL, its canonical URL, and the fields that the list contains."""

    url: str
    name: str
    listed: Listed
    article: ArticleRequest | None = None


@dataclass(slots=True)
class Tally:
    """What came of the links of one list; `foreign` counts those to other sites by host.

    `has_unseen` says that a link was never requested before; `next_url` is that of the list that continues
    it. `left_out` and `lists_left_out` count links and further lists that are older than the newest ones.
    While the list is read, they are the counts of its `ListReading` before. `error` says why it cannot be
    read to its end.
    """

    left_out: int = 0
    lists_left_out: int = 0
    links: int = 0
    lists: int = 0
    own: int = 0
    new: int = 0
    old: int = 0
    off_subject: int = 0
    has_unseen: bool = False
    next_url: str = ""
    foreign: Counter[str] = field(default_factory=Counter)
    error: UnreadableListError | None = None

    @property
    def is_empty(self) -> bool:
        """Return whether the list had neither a link nor a further list."""
        if self.error is not None:
            return self.error.outcome is Outcome.EMPTY_LIST
        return not (self.links or self.lists)

    @property
    def is_foreign(self) -> bool:
        """Return whether all links lead to other sites."""
        return bool(self.foreign) and not (self.own or self.old or self.off_subject or self.lists)

    def add_read(self, other: "Tally") -> None:
        """Add what was counted while the list was read in another process."""
        self.links += other.links
        self.old += other.old
        self.off_subject += other.off_subject
        self.error = other.error

    def count_left_out(self, reading: "ListReading") -> None:
        """Set how many links and lists were left out while this list was read."""
        self.left_out = reading.links.left_out - self.left_out
        self.lists_left_out = reading.lists_left_out - self.lists_left_out

    def describe(self, since: datetime | None) -> str:
        """Return the counts as the reason of a row in the crawl log."""
        counts = [
            (self.links, "links", not self.lists),
            (self.lists, "further lists", False),
            (self.new, "new", bool(self.links) and not self.is_foreign),
            (self.old, f"before {since:%Y-%m-%d}" if since else "", False),
            (self.off_subject, "off subject", False),
            (self.left_out, "older ones left out", False),
            (self.lists_left_out, "older lists left out", False),
            *((count, f"to {host}", False) for host, count in self.foreign.most_common(MOST_HOSTS)),
            (sum(count for _, count in self.foreign.most_common()[MOST_HOSTS:]), "to other sites", False),
        ]
        return ", ".join(f"{count} {words}" for count, words, always in counts if count or always)


@dataclass(slots=True)
class ListReading:
    """A list with the further lists it leads to, which are read one after another, the newest first.

    `lists` are those still to be read, the newest last; `lists_left_out` counts those that will not be.
    """

    links: Newest[ListedLink, ListedPage] = field(default_factory=lambda: Newest(MAX_LINKS_PER_LIST))
    lists: list[ListedList] = field(default_factory=list)
    lists_left_out: int = 0

    def sort_lists(self, most: int) -> None:
        """Sort the further lists, and leave out all but the `most` newest."""
        self.lists.sort(key=attrgetter("key"))
        self._leave_out(len(self.lists) - most)

    def drop_needless_lists(self) -> None:
        """Leave out the further lists if none may have a page that is newer than those that are known."""
        if self.lists and (not self.links.most or self.links.is_complete(self.lists[-1].modified or NEWEST)):
            self.leave_out_lists()

    def leave_out_lists(self) -> None:
        """Leave out all further lists."""
        self._leave_out(len(self.lists))

    def _leave_out(self, count: int) -> None:
        count = max(0, count)
        self.lists_left_out += count
        del self.lists[:count]

    def take_pages(self) -> list[ListedPage]:
        """Return the pages that are newer than all that the further lists may name."""
        return self.links.take_since(self._find_newest_to_come())

    def _find_newest_to_come(self) -> datetime:
        if not self.lists:
            return OLDEST
        if modified := self.lists[-1].modified:
            return modified
        # Without dates, numbered lists are taken to be in the order of their numbers.
        return OLDEST if len({read_numbers(one.url) for one in self.lists}) == len(self.lists) else NEWEST


async def run_in_slices(steps: Iterator[None]) -> None:
    """Take all steps, and let other tasks run every `SLICE_SECONDS`."""
    began = monotonic()
    for _ in steps:
        if monotonic() - began > SLICE_SECONDS:
            await asyncio.sleep(0)
            began = monotonic()
