"""The store as Datasette sees it, without counting millions of rows for a list or a facet."""

import re
from typing import Any

from datasette.database import Database, Results

from shopwire.storage.schema.facets import ALL, COLUMNS

# Tables with more rows than this are said to have many.
MOST = 1000
COUNT = "SELECT count(*) FROM (SELECT 1 FROM [{table}] LIMIT {most} + 1)"

# As Datasette asks for a facet of `latest` (datasette/facets.py) where nothing or a language is filtered.
# Under any other filter, or asked in other words, it is counted.
FACET = re.compile(
    r"\s*select (?P<field>{fields}) as value, count\(\*\) as count from \("
    r"\s*select [\w, ]+ from latest\s*(?P<within>where \"language\" = :p0\s*)?\)"
    r"\s*where (?P=field) is not null"
    r"\s*group by (?P=field) order by count desc, value limit (?P<limit>\d+)\s*".format(
        fields="|".join(COLUMNS)
    )
)
KEPT = """
SELECT value, articles AS count FROM facet_counts WHERE field = :field AND within = :within
ORDER BY articles DESC, value LIMIT :limit
"""


class LiveDatabase(Database):
    """A database whose large tables nobody counts, and whose common facets are kept.

    Datasette counts them all for the page of a database, within some milliseconds each; but SQLite looks
    at no clock while it counts a table, which are gigabytes at a million articles.
    """

    async def table_counts(self, limit: int = 10) -> dict[str, int | None]:
        """Each table's number of rows, None where it is more than `MOST`."""
        counts = {}
        for table in await self.table_names():
            counted = await self.execute(COUNT.format(table=table, most=MOST))
            number = counted.rows[0][0]
            counts[table] = number if number <= MOST else None
        return counts

    async def execute(
        self, sql: str, params: Any = None, *arguments: Any, **options: Any
    ) -> Results:
        """Datasette's own, but a facet of all articles or of a language is looked up."""
        if facet := FACET.fullmatch(sql):
            within = params["p0"] if facet["within"] else ALL
            limit = int(facet["limit"])
            sql, params = KEPT, {"field": facet["field"], "within": within, "limit": limit}
        return await super().execute(sql, params, *arguments, **options)
