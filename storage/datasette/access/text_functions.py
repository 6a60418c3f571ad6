"""SQLite's functions that look for one text in another, bounded.

Its own compare every place of the one with the whole of the other, and look at no time limit meanwhile: with
two texts of some megabytes they take days.
"""

import sqlite3
from collections.abc import Callable

from shopwire.storage.datasette.access.query_limits import LONGEST_PATTERN, LONGEST_VALUE

Value = str | bytes | int | float | None
# SQLite makes an error of it, "string or blob too big"; of an exception Datasette would log a traceback.
TOO_BIG = bytes(LONGEST_VALUE + 1)


def bound_functions(connection: sqlite3.Connection) -> None:
    """Replace the functions of a connection; `LIKE` and `GLOB` have a limit of their own."""
    connection.create_function("instr", 2, find_part, deterministic=True)
    connection.create_function("replace", 3, replace_part, deterministic=True)
    strips: dict[str, Callable[[str, str], str]] = {
        "trim": str.strip,
        "ltrim": str.lstrip,
        "rtrim": str.rstrip,
    }
    for name, strip in strips.items():
        connection.create_function(name, 2, _build_trim(strip), deterministic=True)


def find_part(text: Value, part: Value) -> int | bytes | None:
    """Return the place of `part` in `text`, counted from 1, or 0."""
    if text is None or part is None:
        return None
    if isinstance(text, bytes) and isinstance(part, bytes):
        return TOO_BIG if len(part) > LONGEST_PATTERN else text.find(part) + 1
    whole, wanted = read_text(text), read_text(part)
    return TOO_BIG if len(wanted) > LONGEST_PATTERN else whole.find(wanted) + 1


def replace_part(text: Value, part: Value, by: Value) -> Value:
    """Return `text` with `by` in place of each `part`."""
    if text is None or part is None:
        return None
    whole, old = read_text(text), read_text(part)
    if not old or by is None:
        return None if old else text
    new = read_text(by)
    if len(old) > LONGEST_PATTERN or len(whole) + whole.count(old) * (len(new) - len(old)) > LONGEST_VALUE:
        return TOO_BIG
    return whole.replace(old, new)


def _build_trim(strip: Callable[[str, str], str]) -> Callable[[Value, Value], str | bytes | None]:
    def trim(text: Value, characters: Value) -> str | bytes | None:
        if text is None or characters is None:
            return None
        whole, ends = read_text(text), read_text(characters)
        return TOO_BIG if len(ends) > LONGEST_PATTERN else strip(whole, ends)

    return trim


def take_texts(function: Callable[..., str]) -> Callable[..., str]:
    """Return a function of SQL, which may get values of any type, from a function of texts."""
    return lambda *values: function(*map(read_text, values))


def read_text(value: Value) -> str:
    """Return a value as text, as SQLite converts it; NULL is empty."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return "" if value is None else str(value)
