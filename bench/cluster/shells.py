"""Pages in the shells of real ones: the same menus, lists and tables, but other sentences, so that the copies
among them are known."""

import random
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from lxml import html
from tests.support.site_server import WORDS

from bench.fixtures.labelled_pages import read_pages

# Shells, and of a hundred pages so many that repeat the sentences of one before, in another shell.
SHELLS = 80
REPOSTS = 12
# Characters of a paragraph that belongs to the text.
LEAST = 60


class MadePage(NamedTuple):
    """A page: its address, its HTML, and the number of the report whose sentences it has."""

    url: str
    body: bytes
    report: int


def make_pages(count: int) -> list[MadePage]:
    """Return pages of as many sites as there are shells."""
    shells = read_pages()
    random.Random(20).shuffle(shells)
    draw, made = random.Random(20), []
    for number in range(count):
        is_repost = number > 0 and draw.randrange(100) < REPOSTS
        report = made[draw.randrange(max(0, number - 90), number)].report if is_repost else number
        shell = number % min(SHELLS, len(shells))
        body = fill_shell(shells[shell], report, number)
        made.append(MadePage(f"https://shell{shell}.example/news/{number}-report", body, report))
    return made


def fill_shell(shell: bytes, report: int, number: int) -> bytes:
    """Return a page with its paragraphs and headings replaced by the sentences of a report."""
    tree = html.fromstring(shell)
    sentences = write_report(report)
    for paragraph in tree.iter("p"):
        if len(paragraph.text_content().strip()) >= LEAST:
            for child in list(paragraph):
                paragraph.remove(child)
            paragraph.text = next(sentences)
    for heading in tree.iter("h1", "title"):
        for child in list(heading):
            heading.remove(child)
        heading.text = f"{' '.join(random.Random(f'title {number}').sample(WORDS, 6)).capitalize()}"
    return bytes(html.tostring(tree, encoding="utf-8", doctype="<!doctype html>"))


def write_report(report: int) -> Iterator[str]:
    """Yield paragraphs, the same for a report each time."""
    draw = random.Random(f"report {report}")
    while True:
        yield " ".join(
            f"The {' '.join(draw.sample(WORDS, 12))} of {draw.randrange(10**6)} was counted."
            for _ in range(3)
        )


def list_copies(pages: list[MadePage]) -> set[frozenset[str]]:
    """Return the pairs of addresses whose pages have the same report."""
    by_report = defaultdict(list)
    for page in pages:
        by_report[page.report].append(page.url)
    return {frozenset(pair) for urls in by_report.values() for pair in combinations(urls, 2)}
