"""Fetch single pages with the settings of a crawl, for commands that store nothing."""

from collections.abc import AsyncIterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from twisted.python.failure import Failure

from shopwire.commands.common.source_registry import load_settings
from shopwire.spiders.http.failures import describe_failure
from shopwire.spiders.page import Page, read_page


class PageSpider(Spider):
    """Requests each URL once and puts its page, or the reason why there is none, into `results`."""

    name = "fetch_pages"

    def __init__(self, urls: Sequence[str], results: dict[str, Page | str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.urls = urls
        self.results = results

    async def start(self) -> AsyncIterator[Any]:
        """Yield the requests."""
        for url in self.urls:
            yield Request(
                url,
                self.save_page,
                errback=self.save_reason,
                dont_filter=True,
                meta={"handle_httpstatus_all": True},
                cb_kwargs={"requested": url},
            )

    def save_page(self, response: Response, requested: str) -> None:
        """Save the page, or its HTTP status if that is not 200."""
        if response.status != 200:
            self.results[requested] = f"cannot fetch: HTTP status {response.status}"
            return
        self.results[requested] = read_page(response, urlsplit(response.url).hostname or "")

    def save_reason(self, failure: Failure) -> None:
        """Save why a request failed: robots.txt, a private address, the network."""
        request: Request = failure.request  # type: ignore[attr-defined]
        _, reason, _ = describe_failure(failure.value)
        self.results[request.cb_kwargs["requested"]] = f"cannot fetch: {reason}"


def fetch_pages(urls: Sequence[str]) -> list[tuple[str, Page | str]]:
    """Return each URL with its page, or with the reason why there is none."""
    results: dict[str, Page | str] = {}
    changes = {"ITEM_PIPELINES": {}, "EXTENSIONS": {}, "LOG_LEVEL": "CRITICAL"}
    process = AsyncCrawlerProcess(load_settings(changes))
    process.crawl(PageSpider, urls=urls, results=results)
    process.start()
    return [(url, results.get(url, "cannot fetch: no response")) for url in urls]
