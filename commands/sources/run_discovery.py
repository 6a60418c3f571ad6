"""Run a discovery with the requests of a crawl: robots.txt, address checks, size limits, pauses."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from twisted.python.failure import Failure

from shopwire.commands.common.source_registry import load_settings
from shopwire.commands.sources.check_candidate import CandidateTest
from shopwire.pipelines.worker_pool import WorkerPool
from shopwire.spiders.decoding.check_pages import CHALLENGE
from shopwire.spiders.discovery.answers import Answer
from shopwire.spiders.discovery.candidate import Discovery, Ending, Step
from shopwire.spiders.discovery.ladder import Ladder, Wish
from shopwire.spiders.http.failures import describe_failure

MOST_REQUESTS = 25
SETTINGS: dict[str, Any] = {
    "ITEM_PIPELINES": {},
    "EXTENSIONS": {},
    "LOG_LEVEL": "CRITICAL",
    # A site that says no is not asked again, and its page is read for the reason.
    "RETRY_ENABLED": False,
    "HTTPERROR_ALLOW_ALL": True,
}


class StepSpider(Spider):
    """Sends the requests that steps ask for, one after another, at most `MOST_REQUESTS`."""

    name = "discovery"

    def __init__(self, steps: Step[Discovery], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.steps = steps
        self.sent = 0

    async def start(self) -> AsyncIterator[Any]:
        """Yield the first request."""
        yield self._build_request(next(self.steps))

    def read_response(self, response: Response, asked: str) -> Iterator[Request]:
        """Pass a response on; yield the next request."""
        yield from self._advance(Answer(asked, response))

    def read_failure(self, failure: Failure) -> Iterator[Request]:
        """Pass a failure on; yield the next request."""
        request: Request = failure.request  # type: ignore[attr-defined]
        outcome, reason, _ = describe_failure(failure.value)
        yield from self._advance(Answer(request.cb_kwargs["asked"], None, outcome, reason))

    def _advance(self, answer: Answer) -> Iterator[Request]:
        try:
            url = self.steps.send(answer)
        except StopIteration:
            return
        if self.sent < MOST_REQUESTS:
            yield self._build_request(url)

    def _build_request(self, url: str) -> Request:
        self.sent += 1
        return Request(
            url, self.read_response, errback=self.read_failure, dont_filter=True, cb_kwargs={"asked": url}
        )


def discover(url: str, lists: list[str], cms: str, is_exact: bool = False) -> Discovery:
    """Return what is found at a URL; with `is_exact` only a feed or sitemap that it is itself."""
    with WorkerPool(1) as workers:
        test = CandidateTest(workers, datetime.now(UTC).date())
        ladder = Ladder(Wish(url, lists, cms, CHALLENGE, is_exact), test.test)
        process = AsyncCrawlerProcess(load_settings(SETTINGS))
        process.crawl(StepSpider, steps=ladder.climb())
        process.start()
    found = ladder.found
    if found.ending is Ending.NOTHING and not found.reason:
        found.reason = "no feed, no sitemap and no list of links was found"
    return found
