"""An ordered map over concurrent work that starts only a bounded number of items ahead."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def yield_in_order(tasks: Iterable[Callable[[], T]], ahead: int) -> Iterator[T]:
    """Yield the result of each task, in order, with at most `ahead` tasks started at a time.

    Taking a task from `tasks` starts it, calling it waits for its result. An error of taking one is
    raised after the results of those before it.
    """
    started: deque[Callable[[], T]] = deque()
    failure: Exception | None = None
    remaining = iter(tasks)
    while True:
        try:
            started.append(next(remaining))
        except StopIteration:
            break
        except Exception as error:  # noqa: BLE001 - it is raised below
            failure = error
            break
        if len(started) >= ahead:
            yield started.popleft()()
    while started:
        yield started.popleft()()
    if failure:
        raise failure
