"""Which links of a list of any length are fetched: the newest of those that are wanted."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import attrgetter
from typing import Generic, TypeVar

Link = TypeVar("Link")
Page = TypeVar("Page")
OLDEST, NEWEST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
NUMBER = re.compile(r"\d{1,9}")


@dataclass(frozen=True, slots=True)
class Ranked(Generic[Link]):
    """Something that a list names, when it is from (`OLDEST` if that is unknown), and what orders it among
    others of the same time: the newest has the highest rank."""

    link: Link
    at: datetime
    rank: int

    @property
    def key(self) -> tuple[datetime, int]:
        """Return what to sort by."""
        return self.at, self.rank


class Newest(Generic[Link, Page]):
    """The `most` newest links of lists that `accept` accepts.

    Only those are passed to `accept` that may be among the newest, so that a long list takes little memory
    and time. `accept` returns the page of a link, or None for one that is not wanted; `reject` is called for
    a page when newer ones take its place. `left_out` counts the links that are older than the newest.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.left_out = 0
        self._pages: list[Ranked[Page]] = []
        self._waiting: list[Ranked[Link]] = []

    def add_links(
        self,
        links: Iterable[Ranked[Link] | None],
        accept: Callable[[Link], Page | None],
        reject: Callable[[Page], None],
    ) -> Iterator[None]:
        """Add links. Yields after each step, for the caller to let others work; None is a step without a
        link."""
        for link in links:
            if link is not None:
                self._waiting.append(link)
            if len(self._waiting) >= 5 * self.most:
                yield from self._select(accept, reject)
            yield
        yield from self._select(accept, reject)

    def _select(
        self, accept: Callable[[Link], Page | None], reject: Callable[[Page], None]
    ) -> Iterator[None]:
        waiting, pages = self._waiting, self._pages
        waiting.sort(key=attrgetter("key"))
        self._waiting, self._pages = [], []
        while (waiting or pages) and len(self._pages) < self.most:
            if pages and (not waiting or pages[0].key >= waiting[-1].key):
                self._pages.append(pages.pop(0))
                continue
            ranked = waiting.pop()
            if (page := accept(ranked.link)) is not None:
                self._pages.append(Ranked(page, ranked.at, ranked.rank))
            yield
        for ranked_page in pages:
            reject(ranked_page.link)
        self.left_out += len(waiting) + len(pages)

    @property
    def is_full(self) -> bool:
        """Return whether an older link would be left out."""
        return len(self._pages) >= self.most

    def is_complete(self, at: datetime) -> bool:
        """Return whether no link that is as old as `at` can be among the newest any more."""
        return self.is_full and self._pages[-1].at >= at

    def take_since(self, at: datetime) -> list[Page]:
        """Return the pages that are not older than `at`, newest first, and count them as taken."""
        count = sum(one.at >= at for one in self._pages)
        taken, self._pages = self._pages[:count], self._pages[count:]
        self.most -= count
        return [one.link for one in taken]


def read_numbers(url: str) -> tuple[int, ...]:
    """Return the numbers in an address: the newest of lists as `/sitemap-2026-11.xml` has the greatest."""
    return tuple(map(int, NUMBER.findall(url.partition("://")[2].partition("/")[2])))
