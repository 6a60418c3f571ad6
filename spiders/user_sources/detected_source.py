"""Sources whose lists have no declared links."""

from shopwire.spiders.discovery.detected_links import DetectedLinkReader
from shopwire.spiders.listing import ListingSource
from shopwire.spiders.readers.link_reader import LinkReader
from shopwire.spiders.readers.list_body import ListReader


class DetectedSource(ListingSource):
    """A `ListingSource` without `links`: `cms` names the system (see `discovery/cms_presets.py`).

    An expression that selects fewer than `LEAST_LINKS` links, as of a changed theme, gives way to the
    largest group of similar links on the page.
    """

    cms: str = ""

    def build_reader(self) -> ListReader:
        """Return what reads the lists of this source."""
        declared = LinkReader(self.dates, self.links, self.titled, self.dated, self.next_page)
        return DetectedLinkReader(declared, self.cms)
