"""Pages made to hurt: each comes to an article or a reason, and none holds up another."""

import random
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from shopwire.pipelines.article import Article, Processed, Refusal
from shopwire.pipelines.extract_article import extract_article
from shopwire.pipelines.worker_pool import WorkerPool
from shopwire.spiders.decoding.charset import convert_to_utf8
from shopwire.spiders.decoding.feed_text import strip_tags
from shopwire.spiders.decoding.parser_limits import UnreadableListError, has_too_many_attributes
from shopwire.spiders.lists.read_list import read_list
from shopwire.spiders.page import Page
from tests.faults import pages
from tests.support.makers import a_page

BOMBS = {
    "attributes": (pages.ATTRIBUTES, "24c", "40,000 attributes in one tag"),
    "nested": (pages.NESTED, "26", "100,000 nested elements"),
    "paragraphs": (pages.PARAGRAPHS, "25", "50,000 paragraphs"),
    "long line": (pages.LONG_LINE, "25a", "A line of a megabyte"),
    "table": (pages.TABLE, "25b", "A table of 30,000 rows"),
    "title": (pages.LONG_TITLE, "25c", "A title of 60,000 characters"),
    "nul": (pages.NUL * 200, "29d", "Null bytes all over"),
    "pdf": (pages.PDF, "30c", "PDF called HTML"),
    "binary": (pages.BINARY, "30d", "Binary data"),
    "surrogates": (pages.SURROGATES, "40b", "Lone surrogates"),
    "nothing": (b"", "30e", "Nothing"),
    "brackets": (b"<" * 300_000, "46f", "300,000 opening brackets"),
    "entities": (b"<p>" + b"&amp;" * 200_000, "46g", "200,000 entities"),
    "comment": (b"<!--" * 100_000 + pages.article("comment"), "46h", "Comments that never end"),
    "script": (b"<script>" + b"{" * 500_000, "46i", "A script that never ends"),
}


@pytest.fixture(scope="module")
def workers() -> Iterator[WorkerPool]:
    with WorkerPool(1, deadline=10) as pool:
        yield pool


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.fault(number, title, "article or reason, in bounds"))
        for name, (_, number, title) in BOMBS.items()
    ],
)
def test_a_bomb_comes_to_an_article_or_a_reason(workers: WorkerPool, name: str) -> None:
    result = workers.submit(a_page(body=BOMBS[name][0])).result(timeout=120).result
    assert isinstance(result, Article | Refusal)
    said = result.reason if isinstance(result, Refusal) else result.title
    assert said.isprintable()
    said.encode()


@pytest.mark.fault("25d", "A page over its deadline", "killed, `timeout`; the next page is read")
def test_a_page_over_its_deadline_is_killed_and_the_next_is_read() -> None:
    with WorkerPool(1, deadline=20) as workers:
        assert isinstance(
            workers.submit(a_page(body=pages.article("warm"))).result(timeout=120).result, Article
        )
        workers.deadline = 0.02
        killed = workers.submit(a_page(body=pages.PARAGRAPHS)).result(timeout=120).result
        workers.deadline = 20
        after = workers.submit(a_page(body=pages.article("after"))).result(timeout=120).result
    assert isinstance(killed, Refusal)
    assert killed.outcome == "timeout"
    assert isinstance(after, Article)


def wait(page: Page, _lines: frozenset[int]) -> Processed:
    time.sleep(1)
    return Processed(Refusal(page.url, "thin", "it waited"))


def work_for_ever(page: Page, _lines: frozenset[int]) -> Processed:
    while page:
        pass
    return Processed(Refusal("", "thin", "it came to an end"))


@pytest.mark.fault("25e", "A busy machine", "a page's own time counts, not the clock")
def test_a_page_that_waits_for_its_turn_is_not_given_up() -> None:
    with WorkerPool(1, deadline=0.3) as workers:
        workers._work = wait
        waited = workers.submit(a_page()).result(timeout=60).result
        workers._work = work_for_ever
        worked = workers.submit(a_page()).result(timeout=60).result
    assert (waited.outcome, worked.outcome) == ("thin", "timeout")  # type: ignore[union-attr]


@pytest.mark.fault("46j", "Random bytes and broken pages", "never an exception")
@pytest.mark.parametrize("seed", range(8))
def test_refine_never_raises_for_what_stands_in_a_page(seed: int) -> None:
    dice = random.Random(seed)
    whole = pages.MARKUP + pages.SURROGATES + pages.TABLE[:2000] + "淘宝直播".encode("gbk") * 50
    for _ in range(6):
        body = bytearray(whole)
        for _ in range(dice.randrange(1, 40)):
            at = dice.randrange(len(body))
            body[at : at + dice.randrange(30)] = dice.randbytes(dice.randrange(12))
        assert isinstance(extract_article(a_page(body=bytes(body))), Article | Refusal)


def cost(function: Callable[[int], object], size: int) -> float:
    """Seconds of processor time; the best of three, because other processes disturb the cache."""
    best = float("inf")
    for _ in range(3):
        started = time.process_time()
        function(size)
        best = min(best, time.process_time() - started)
    return best


def read_to_the_end(body: bytes) -> None:
    """Read a list, whether it has an entry or not."""
    with suppress(UnreadableListError):
        list(read_list(body))


ATOM_AUTHOR = b"<feed><author><name>%s</name></author><entry><link href='/1'/></entry></feed>"
JSON_AUTHOR = b'{"authors": [{"name": "%s"}], "items": [{"url": "/1"}]}'
GROWTHS: dict[str, tuple[Callable[[int], object], int]] = {
    "precheck": (lambda size: has_too_many_attributes(b"<p " + b"a=1 " * size), 100_000),
    "precheck quotes": (lambda size: has_too_many_attributes(b"<p " + b'a="' * size), 100_000),
    "titles": (lambda size: strip_tags("<a" * size), 100_000),
    "charset": (lambda size: convert_to_utf8(b"<?xml " + b" " * size + b"\xff"), 500_000),
    "feed": (lambda size: read_to_the_end(b"<rss>" + b"<item><link>a" * size), 5_000),
    "author": (lambda size: read_to_the_end(b"<rss><item><link>a</link><author>" + b"@" * size), 500_000),
    "creator": (lambda size: read_to_the_end(b"<rss><item><link>a</link><creator>" + b"a@" * size), 200_000),
    "feed author": (lambda size: read_to_the_end(ATOM_AUTHOR % (b"@" * size)), 500_000),
    "feed author in JSON": (lambda size: read_to_the_end(JSON_AUTHOR % (b"a@" * size)), 200_000),
    "comments": (lambda size: read_to_the_end(b"<rss><item><link>a</link><b>" + b"&lt;!--" * size), 100_000),
    "nested": (lambda size: read_to_the_end(b"<rss>" + b'<item><entry xml:base="b/">' * size), 20_000),
    "open cdata": (lambda size: read_to_the_end(b"<rss><item><link><![CDATA[" + b"a&b]]" * size), 200_000),
    "ampersands": (lambda size: read_to_the_end(b"<rss><item><link>" + b"&a" * size), 200_000),
    "lines": (lambda size: read_to_the_end(b"http://a.example/1\n" + b"a" * size), 500_000),
    "spaces": (lambda size: extract_article(a_page(body=b"<p>" + b" " * size + b"x")), 200_000),
    "digits": (lambda size: extract_article(a_page(body=b"<p>" + b"2026-11-1" * size)), 10_000),
    "years": (
        lambda size: extract_article(a_page(body=("<p>" + "2026年11月" * size).encode())),
        5_000,
    ),
    "sources": (
        lambda size: extract_article(a_page(body=("<p>" + "来源：作者：" * size).encode())),
        5_000,
    ),
    "commas": (
        lambda size: extract_article(a_page(body=b"<script type=application/ld+json>" + b", " * size)),
        50_000,
    ),
}


@pytest.mark.fault("46k", "A megabyte of what a pattern looks for", "time grows with the size alone")
@pytest.mark.parametrize("name", GROWTHS)
def test_time_grows_with_the_size_and_no_faster(name: str) -> None:
    function, size = GROWTHS[name]
    function(size // 10)
    small, large = cost(function, size), cost(function, 8 * size)
    # The square would make it 64 times; a fixed part may make it less than 8.
    assert large < 24 * small + 0.2, (small, large)


def test_the_longest_title_is_cut() -> None:
    assert len(strip_tags("x" * 100_000)) <= 300
    assert not re.search(r"[<>]", strip_tags("<b>a</b><script>b</script>"))
