"""Rows of a store that are kept in memory for as long as nobody else writes."""

import sqlite3
from typing import Any, Final

# A mapping with more entries is emptied before it is used again.
MOST_KEPT: Final = 100_000


class KeptRows:
    """What callers have read of a store through one connection, in mappings with names of their own."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Keep nothing yet."""
        self._connection = connection
        self._mappings: dict[str, dict[Any, Any]] = {}
        self._version = -1

    def get_mapping(self, name: str) -> dict[Any, Any]:
        """Return a mapping to look up rows in, and to add those that were read; callers change what they
        write. Outside of a transaction it is always a new one."""
        if not self._connection.in_transaction:
            return {}
        mapping = self._mappings.setdefault(name, {})
        if len(mapping) > MOST_KEPT:
            mapping.clear()
        return mapping

    def get_mapping_to_read(self, name: str) -> dict[Any, Any]:
        """Return a mapping to look up rows in, and to add those that are read afterwards, for a connection
        that only reads: it is emptied after another one has written."""
        self.drop_outdated()
        return self._mappings.setdefault(name, {})

    def drop_outdated(self) -> None:
        """Forget everything if another connection has written since the last call. Call at the start of each
        transaction (https://sqlite.org/pragma.html#pragma_data_version)."""
        (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        if version != self._version:
            self.drop()
        self._version = version

    def drop(self) -> None:
        """Forget everything. Call after a rollback, and where such rows were written by other SQL."""
        self._mappings.clear()
