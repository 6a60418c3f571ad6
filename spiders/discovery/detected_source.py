"""Lists whose links are not declared: by the system that made them, else the list that the page shows."""

from collections.abc import Iterator

from lxml.html import HtmlElement
from scrapy import Request
from scrapy.http import Response, TextResponse

from shopwire.spiders.decoding.parser_limits import UnreadableListError, check_list
from shopwire.spiders.discovery.cms_presets import PRESETS, System
from shopwire.spiders.discovery.link_expression import build_expression
from shopwire.spiders.discovery.link_groups import LEAST_LINKS, find_link_groups
from shopwire.spiders.listing import ListingSource, select_elements
from shopwire.spiders.lists.reading import ListedLink
from shopwire.storage.crawl_log.outcomes import Outcome

NO_SYSTEM = System("")


class DetectedSource(ListingSource):
    """A `ListingSource` without `links`: `cms` names the system (see `cms_presets`).

    An expression that selects fewer than `LEAST_LINKS` links, as of a changed theme, gives way to the
    largest group of similar links on the page.
    """

    cms: str = ""

    def read(self, response: Response, number: int, template: str = "") -> Iterator[ListedLink | Request]:
        """Yield the links of a list, and the request for the next one. Raises `UnreadableListError`."""
        if not isinstance(response, TextResponse):
            yield from super().read(response, number, template)
            return
        check_list(response.text.encode("utf-8", "replace"))
        system = PRESETS.get(self.cms, NO_SYSTEM)
        self.next_page = type(self).next_page or system.next_page
        self.links = choose_links(response, (type(self).links, system.links))
        if not self.links:
            raise UnreadableListError(Outcome.EMPTY_LIST, "no list of similar links is on the page")
        yield from super().read(response, number, template)


def choose_links(response: TextResponse, declared: tuple[str, ...]) -> str:
    """Return the first declared expression with enough links, else that of the largest group of similar
    links, else the first with any link; empty if there is none."""
    counts = {one: _count_links(response, one) for one in declared if one}
    for expression, count in counts.items():
        if count >= LEAST_LINKS:
            return expression
    root = response.selector.root
    groups = find_link_groups(root, response.url) if isinstance(root, HtmlElement) else []
    if groups:
        return build_expression(groups[0])
    return next((expression for expression, count in counts.items() if count), "")


def _count_links(response: TextResponse, expression: str) -> int:
    roots = (one.root for one in select_elements(response, expression))
    return len({root if isinstance(root, str) else root.get("href") for root in roots})
