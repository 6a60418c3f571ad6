"""The store as a Datasette database that is only read, and that never counts a large table."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from datasette.database import Database, connections

from shopwire.storage.database import build_reading_uri, read_file_state

# Of a larger table Datasette shows "Many rows".
MAX_COUNTED = 1000
COUNT = "SELECT count(*) FROM (SELECT 1 FROM [{table}] LIMIT {most} + 1)"


class StoreConnection(sqlite3.Connection):
    """A connection that remembers the state of a file that it reads as one that never changes."""

    state: tuple[int, int, int] | None = None


class LiveDatabase(Database):
    """A database at any path that counts the rows of small tables only, and that can be read without
    permission to write its folder.

    For the page of a database Datasette counts every table and gives up after some milliseconds each, but
    SQLite checks no time limit while it counts a table: at a million articles it reads gigabytes.
    """

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """Return a new connection, for reading only."""
        path = Path(self.path)
        state, uri = read_file_state(path), build_reading_uri(path)
        connection = sqlite3.connect(uri, uri=True, check_same_thread=False, factory=StoreConnection)
        connection.state = state if uri.endswith("immutable=1") else None
        self._all_file_connections.append(connection)
        return connection

    async def execute_fn(self, fn: Callable[[sqlite3.Connection], Any]) -> Any:
        """Return what `fn` returns for a connection of the thread that executes it."""

        def execute(connection: StoreConnection) -> Any:
            if connection.state is None or connection.state == read_file_state(Path(self.path)):
                return fn(connection)
            # Somebody writes to the store by now.
            fresh = self.connect()
            self.ds._prepare_connection(fresh, self.name)
            setattr(connections, self.name, fresh)
            self._all_file_connections.remove(connection)
            connection.close()
            return fn(fresh)

        return await super().execute_fn(execute)

    async def table_counts(self, limit: int = 10) -> dict[str, int | None]:
        """Return the number of rows of each table, None where there are more than `MAX_COUNTED`."""
        tables = await self.table_names()

        def count(connection: sqlite3.Connection) -> dict[str, int | None]:
            queries = {table: COUNT.format(table=table, most=MAX_COUNTED) for table in tables}
            counts = {table: connection.execute(sql).fetchone()[0] for table, sql in queries.items()}
            return {table: number if number <= MAX_COUNTED else None for table, number in counts.items()}

        counts: dict[str, int | None] = await self.execute_fn(count)
        return counts
