"""Facets of `latest` whose counts are read from `facet_counts`, not counted again for each request."""

from functools import cached_property
from typing import Any

from datasette.facets import ColumnFacet
from datasette.filters import Filters
from datasette.utils import path_with_added_args, path_with_removed_args
from datasette.utils.asgi import Request

from shopwire.storage.datasette.table_search import list_filters

TABLE = "latest"
# The facets whose counts triggers store, and the columns of `articles` behind them.
COLUMNS = {"language": "language", "source": "source", "platform": "platform", "story": "story_id"}
# The value of `facet_counts.within` for articles of all languages.
ALL = "*"
# Arguments of Datasette that filter rows, other than by the value of a column.
OTHER_FILTERS = ("_search", "_through", "_where")
STORED = """
SELECT value, articles FROM facet_counts WHERE field = :field AND within = :within
ORDER BY articles DESC, value LIMIT :limit
"""

Config = dict[str, Any]


def find_group(request: Request) -> str | None:
    """Return `ALL` for a request without filters, the language if that is the only one, otherwise None."""
    args = request.args
    if any(args[name] for name in args if name.startswith(OTHER_FILTERS)):
        return None
    match list(Filters(list_filters(request)).selections()):
        case []:
            return ALL
        case [("language", "exact", language)] if language != ALL:
            return str(language)
    return None


def get_column(config: Config) -> str:
    """Return the column that a facet configuration names."""
    return str(config["config"].get("column") or config["config"]["simple"])


class StoredFacet(ColumnFacet):
    """Takes the place of Datasette's `ColumnFacet`, which counts whatever has no stored counts.

    There are stored counts for the columns in `COLUMNS`, of all articles and of the articles of a language.
    """

    @cached_property
    def group(self) -> str | None:
        """Return the group whose stored counts answer this request, None if there is none."""
        return find_group(self.request) if self.table == TABLE else None

    def has_stored_counts(self, config: Config) -> bool:
        """Return whether a facet can be read from `facet_counts`."""
        return self.group is not None and get_column(config) in COLUMNS

    def get_configs(self) -> list[Config]:
        """Return the facets that Datasette has to count."""
        return [one for one in super().get_configs() if not self.has_stored_counts(one)]

    async def facet_results(self) -> tuple[list[dict[str, Any]], list[str]]:
        """Return the facets, and the columns that took too long to count."""
        configs = [one for one in super().get_configs() if self.has_stored_counts(one)]
        stored = [await self.read_facet(config) for config in configs]
        counted, timed_out = await super().facet_results()
        return [*stored, *counted], timed_out

    async def read_facet(self, config: Config) -> dict[str, Any]:
        """Return one facet in the form that Datasette shows."""
        column, size = get_column(config), self.get_facet_size()
        values = {"field": column, "within": self.group, "limit": size + 1}
        rows = (await self.ds.execute(self.database, STORED, values, truncate=False)).rows
        return {
            "name": column,
            "type": self.type,
            "hideable": config["source"] != "metadata",
            "toggle_url": self.ds.urls.path(path_with_removed_args(self.request, {"_facet": column})),
            "results": [self.describe_value(column, *row) for row in rows[:size]],
            "truncated": len(rows) > size,
        }

    def describe_value(self, column: str, value: str | int, articles: int) -> dict[str, Any]:
        """Return one value of a facet with the link that filters by it, or no longer does."""
        selected = (column, str(value)) in self.get_querystring_pairs()
        change = path_with_removed_args if selected else path_with_added_args
        path = self.ds.urls.path(change(self.request, {column: str(value)}))
        return {
            "value": value,
            "label": value,
            "count": articles,
            "toggle_url": self.ds.absolute_url(self.request, path),
            "selected": selected,
        }
