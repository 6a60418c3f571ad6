"""The store as a Datasette database."""

import sqlite3
from copy import copy
from urllib.parse import quote

from datasette.database import Database

# Of a larger table Datasette shows "Many rows".
MAX_COUNTED = 1000
COUNT = "SELECT count(*) FROM (SELECT 1 FROM [{table}] LIMIT {most} + 1)"


class LiveDatabase(Database):
    """A database at any path that counts the rows of small tables only.

    For the page of a database Datasette counts every table and gives up after some milliseconds each, but
    SQLite checks no time limit while it counts a table: at a million articles it reads gigabytes.
    """

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """Return a connection. Datasette puts the path into a URI, in which `#`, `?` and `%41` are no part
        of a name unless they are quoted."""
        quoted = copy(self)
        quoted.path = quote(self.path)
        connection: sqlite3.Connection = Database.connect(quoted, write)
        return connection

    async def table_counts(self, limit: int = 10) -> dict[str, int | None]:
        """Return the number of rows of each table, None where there are more than `MAX_COUNTED`."""
        counts = {}
        for table in await self.table_names():
            counted = await self.execute(COUNT.format(table=table, most=MAX_COUNTED))
            number = counted.rows[0][0]
            counts[table] = number if number <= MAX_COUNTED else None
        return counts
