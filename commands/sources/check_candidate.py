"""Test what a discovery has found: extract the newest pages as a crawl would."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from scrapy.http import Response, TextResponse

from shopwire.pipelines.article import Article
from shopwire.pipelines.worker_pool import WorkerPool
from shopwire.spiders.discovery.answers import WALL_STATUSES, Answer, get_content_type
from shopwire.spiders.discovery.candidate import Candidate, Ending, Sample, Step, Verdict
from shopwire.spiders.discovery.ladder import list_newest
from shopwire.spiders.lists.reading import ListedLink
from shopwire.spiders.page import Page
from shopwire.storage.crawl_log.outcomes import Outcome

TESTED_PAGES = 3
# Characters of an article: of Chinese, Japanese or Korean, else of any script.
LEAST_WIDE, LEAST_TEXT = 80, 200
WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
OLDEST = timedelta(days=60)
ROBOTS_PROBLEM = "robots.txt forbids it"
REFUSED = "refused: "
# The types of a node of JSON-LD.
PRODUCT_NODE = re.compile(r'"@type"\s*:\s*\[?\s*"Product(?:Group)?"')
ARTICLE_NODE = re.compile(r'"@type"\s*:\s*\[?\s*"\w*(?:Article|Posting)"')


class CandidateTest:
    """Tests candidates with a pool of workers, as of `today`."""

    def __init__(self, workers: WorkerPool, today: date) -> None:
        self.workers, self.today = workers, today

    def test(self, candidate: Candidate) -> Step[Verdict]:
        """Ask for the newest pages, and return whether they are articles of these days."""
        samples = []
        for link in list_newest(candidate.links, TESTED_PAGES):
            answer = yield link.url
            samples.append(self.read_sample(link, answer))
        return judge_samples(samples, self.today)

    def read_sample(self, link: ListedLink, answer: Answer) -> Sample:
        """Return what is extracted from a page."""
        if answer.outcome is Outcome.ROBOTS:
            return Sample(link.url, link.listed.title, problem=ROBOTS_PROBLEM)
        if not answer.is_ok or answer.response is None:
            status = answer.response.status if answer.response is not None else 0
            is_refused = status in WALL_STATUSES or answer.outcome is Outcome.BLOCKED
            problem = f"{REFUSED}{answer.describe()}" if is_refused else answer.describe()
            return Sample(link.url, link.listed.title, problem=problem)
        response = answer.response
        if is_product_page(response):
            return Sample(link.url, link.listed.title, problem="it is a product")
        page = Page(
            url=response.url,
            source=urlsplit(response.url).hostname or "",
            body=response.body,
            fetched=datetime.now(UTC),
            content_type=get_content_type(response),
            listed=link.listed,
        )
        result = self.workers.submit(page).result().result
        if not isinstance(result, Article):
            refused = REFUSED if result.outcome is Outcome.BLOCKED else ""
            return Sample(link.url, link.listed.title, problem=f"{refused}{result.reason}")
        return Sample(link.url, result.title, result.published, result.language, find_problem(result))


def is_product_page(response: Response) -> bool:
    """Return whether a page declares that it is a product, and no article about one."""
    if not isinstance(response, TextResponse):
        return False
    kind = response.xpath("//meta[@property='og:type']/@content").get("")
    has_product = PRODUCT_NODE.search(response.text) and not ARTICLE_NODE.search(response.text)
    return kind.startswith("product") or bool(has_product)


def find_problem(article: Article) -> str:
    """Return what an article lacks; empty if nothing."""
    missing = [name for name in ("title", "published") if not getattr(article, name)]
    if missing:
        return f"no {' and no '.join(missing).replace('published', 'date')}"
    is_long = len(WIDE.findall(article.text)) >= LEAST_WIDE or len(article.text) >= LEAST_TEXT
    return "" if is_long else f"only {len(article.text)} characters of text"


def judge_samples(samples: Sequence[Sample], today: date) -> Verdict:
    """Return the verdict: two of three pages are articles, and the newest is not older than `OLDEST`."""
    tested = tuple(samples)
    good = [one for one in tested if not one.problem]
    if tested and all(one.problem == ROBOTS_PROBLEM for one in tested):
        return Verdict(Ending.ROBOTS, "robots.txt forbids its articles", tested)
    if tested and all(one.problem.startswith(REFUSED) for one in tested):
        return Verdict(Ending.BLOCKED, f"its articles are {tested[0].problem}", tested)
    if 3 * len(good) < 2 * len(tested) or not tested:
        problems = dict.fromkeys(one.problem for one in tested if one.problem)
        return Verdict(
            Ending.THIN, f"{len(good)} of {len(tested)} pages are articles: {'; '.join(problems)}", tested
        )
    newest = max(one.published[:10] for one in good)
    if date.fromisoformat(newest) < today - OLDEST:
        return Verdict(Ending.STALE, f"its newest article is of {newest}", tested)
    return Verdict(Ending.ADDED, "", tested)
