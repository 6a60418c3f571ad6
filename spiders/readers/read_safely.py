"""Reads what a site sends: what is small at once, anything else in a worker process."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, TypeVar

from shopwire.spiders.decoding.parser_limits import UnreadableListError
from shopwire.spiders.readers.list_body import ListBody
from shopwire.spiders.workers.killable_pool import KillablePool, LostWorkError

# Seconds of CPU time. A list of 1,000,000 addresses takes a quarter of it.
LIST_DEADLINE = 120.0
# Bytes. A larger body is passed to the worker in a file, as this process would need its memory twice.
LARGEST_PASSED = 8 * 1024 * 1024

T = TypeVar("T")


async def read_safely(pool: KillablePool, function: Callable[..., T], body: ListBody, *more: Any) -> T:
    """Return what a function returns for a body; it is called in a worker if the body is large.

    Raises `UnreadableListError` if it takes too much time or memory.
    """
    if body.is_small:
        return function(body, *more)
    try:
        if len(body.content) <= LARGEST_PASSED:
            return await pool.run_async(LIST_DEADLINE, function, body, *more)
        with NamedTemporaryFile() as file:
            await asyncio.to_thread(file.write, body.content)
            file.flush()
            empty = replace(body, content=b"")
            return await pool.run_async(LIST_DEADLINE, read_from_file, file.name, function, empty, *more)
    except LostWorkError as error:
        raise UnreadableListError(error.outcome, str(error)) from error


def read_from_file(path: str, function: Callable[..., T], body: ListBody, *more: Any) -> T:
    """Return what a function returns for a body whose content is in a file."""
    return function(replace(body, content=Path(path).read_bytes()), *more)
