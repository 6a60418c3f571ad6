"""Fetch single pages as politely and safely as a crawl does, for commands that store nothing."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from twisted.python.failure import Failure

from shopwire.commands.common.source_registry import load_settings
from shopwire.spiders.page import Page


class Fetch(Spider):
    """Asks for each address once and puts what came of it into `results`."""

    name = "fetch"

    def __init__(self, urls: Sequence[str], results: dict[str, Page | str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.urls = urls
        self.results = results

    async def start(self) -> AsyncIterator[Any]:
        """The requests."""
        for url in self.urls:
            yield Request(
                url,
                self.keep,
                errback=self.fail,
                dont_filter=True,
                meta={"handle_httpstatus_all": True},
                cb_kwargs={"asked": url},
            )

    def keep(self, response: Response, asked: str) -> None:
        """A page, or the status that came instead."""
        if response.status != 200:
            self.results[asked] = f"the server answers with status {response.status}"
            return
        header = response.headers.get("Content-Type") or b"text/html"
        self.results[asked] = Page(
            url=response.url,
            source=urlsplit(response.url).hostname or "",
            body=response.body,
            fetched=datetime.now(UTC),
            content_type=header.decode("latin-1"),
        )

    def fail(self, failure: Failure) -> None:
        """What went wrong on the way: robots.txt, a private address, the network."""
        request: Request = failure.request  # type: ignore[attr-defined]
        self.results[request.cb_kwargs["asked"]] = f"cannot fetch: {failure.getErrorMessage()}"


def fetch_pages(urls: Sequence[str]) -> list[tuple[str, Page | str]]:
    """Each address with its page, or with the reason why there is none."""
    results: dict[str, Page | str] = {}
    changes = {"ITEM_PIPELINES": {}, "EXTENSIONS": {}, "LOG_LEVEL": "CRITICAL"}
    process = AsyncCrawlerProcess(load_settings(changes))
    process.crawl(Fetch, urls=urls, results=results)
    process.start()
    return [(url, results.get(url, "cannot fetch: nothing came back")) for url in urls]
