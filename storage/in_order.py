"""Takes a few things ahead of the one that is waited for."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def in_turn(waits: Iterable[Callable[[], T]], ahead: int) -> Iterator[T]:
    """What each of `waits` gives when it is called, in their order, after so many have been taken.

    To take one is to begin it, and to call it is to wait for its end. An error of taking is raised
    after what was taken before it.
    """
    begun: deque[Callable[[], T]] = deque()
    broken: Exception | None = None
    coming = iter(waits)
    while True:
        try:
            begun.append(next(coming))
        except StopIteration:
            break
        except Exception as error:  # noqa: BLE001 - it is raised below
            broken = error
            break
        if len(begun) >= ahead:
            yield begun.popleft()()
    while begun:
        yield begun.popleft()()
    if broken:
        raise broken
