"""Names archived pages with the zones that their sources have now."""

from collections.abc import Mapping

from shopwire.commands.common.source_registry import load_sources
from shopwire.pipelines.batch.archived import ArchivedName
from shopwire.storage.crawl_log.reextraction import ArchivedFetch

Zones = Mapping[str, tuple[str, str]]


def load_zones() -> Zones:
    """Return the zone and the country's zone of each declared source."""
    return {name: (source.zone, source.name_country_zone()) for name, source in load_sources().items()}


def name_archived_page(fetch: ArchivedFetch, zones: Zones) -> ArchivedName:
    """Return the name of the page of a fetch; that of an unknown source keeps the zones it had."""
    return ArchivedName(fetch.url, fetch.source, fetch.place, *zones.get(fetch.source, (None, None)))
