"""Reads what a site sends: what is small at once, anything else in a worker process."""

from collections.abc import Callable
from typing import Any, TypeVar

from shopwire.spiders.decoding.parser_limits import UnreadableListError
from shopwire.spiders.readers.list_body import ListBody
from shopwire.spiders.workers.killable_pool import KillablePool, LostWorkError

# Seconds of CPU time. A list of 1,000,000 addresses takes a fifth of it.
LIST_DEADLINE = 60.0

T = TypeVar("T")


async def read_safely(pool: KillablePool, function: Callable[..., T], body: ListBody, *more: Any) -> T:
    """Return what a function returns for a body; it is called in a worker if the body is large.

    Raises `UnreadableListError` if it takes too much time or memory.
    """
    if body.is_small:
        return function(body, *more)
    try:
        return await pool.run_async(LIST_DEADLINE, function, body, *more)
    except LostWorkError as error:
        raise UnreadableListError(error.outcome, str(error)) from error
