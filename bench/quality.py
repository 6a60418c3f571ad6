"""How much of labelled articles comes out, how much else, and at what cost beside stock trafilatura
with langdetect.

python -m bench.quality [FOLDER] [SET ...]

FOLDER (default `../shared/data/extract`) holds one folder a set, each with `gold.jsonl` (id, url,
lang, text) and `<id>.html.gz`. The measure is that of scrapinghub's article-extraction-benchmark:
4-gram shingles, normalised for each page, mean precision, mean recall, F1 of the means; a CJK
character is one token. All extractors see the same pages in one process, in turns.

A page of a cold site is read as a whole. A page of a warm one is given a template, which the first
table has learned from that very page, because most sites have one page here: so it shows what a page
costs once its site is known, without the one in 32 that is studied all the same. What a template
does to other pages than its own the second table shows: on the sites with several pages each is read
by what one of the others has taught.
"""

import gzip
import json
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from langdetect import LangDetectException, detect
from trafilatura import bare_extraction
from trafilatura.settings import Document

from bench.measure import print_table
from shopwire.pipelines.article import Article, Refusal
from shopwire.pipelines.extract_article import refine
from shopwire.pipelines.parsing.document import parse
from shopwire.pipelines.site import UNKNOWN, Site
from shopwire.pipelines.template import Template, stand
from shopwire.spiders.page import Page

DEFAULT = Path("../shared/data/extract")
CJK = "\u3400-\u4dbf\u4e00-\u9fff\u3040-\u30ff\uac00-\ud7af\uf900-\ufaff"
TOKEN = re.compile(f"[{CJK}]|[^\\W{CJK}]+")
GRAM = 4


class Score(NamedTuple):
    """Shares of one page's shingles: in both texts, in ours only, in the gold only; CPU seconds."""

    both: float
    leftover: float
    lost: float
    seconds: float


def main() -> None:
    """Print one row for each set and language, and one for all; then the sites with several pages."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    if not folder.is_dir():
        print(f"no labelled pages in {folder}, so their quality is not measured")
        return
    names = sys.argv[2:] or sorted(path.parent.name for path in folder.glob("*/gold.jsonl"))
    extractors = {"cold": cold, "warm": warm, "stock": stock}
    rows = []
    everything: dict[str, list[Score]] = defaultdict(list)
    sites: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for name in names:
        pages = list(read_set(folder / name))
        for page in pages:
            page["template"] = taught_by(page)
            sites[urlsplit(page.get("url") or "").hostname or ""].append(page)
        for chinese in (True, False):
            chosen = [page for page in pages if chinese == is_chinese(page)]
            if chosen:
                scores = score(chosen, extractors)
                rows.append((name, "zh" if chinese else "other", len(chosen), *columns(scores)))
                for extractor, some in scores.items():
                    everything[extractor] += some
    rows.append(("all", "", len(everything["cold"]), *columns(everything)))
    head = ("set", "lang", "pages", "F1", "P", "R", "warm F1", "stock F1")
    print_table((*head, "cold ms", "warm ms", "stock ms", "cold ratio", "warm ratio"), rows)
    print_neighbours([pages for host, pages in sites.items() if host and len(pages) > 1])


def print_neighbours(sites: list[list[dict[str, Any]]]) -> None:
    """Print what comes out of pages that are made like a neighbour, by the neighbour's template and
    as a whole."""
    alike = [
        (page, Site(templates=(template,)))
        for pages in sites
        for page in pages
        if (template := next(neighbours_templates(page, pages), None))
    ]
    found = [
        [compare(page["text"], text_of(page, known), 0) for page, known in pages]
        for pages in (alike, [(page, UNKNOWN) for page, _ in alike])
    ]
    print()
    head = ("pages with a neighbour", "made alike", "F1 by its template", "F1 as a whole")
    values = [f"{f1(scores)[0]:.3f}" for scores in found]
    print_table(head, [(sum(map(len, sites)), len(alike), *values)])


def neighbours_templates(
    page: dict[str, Any], neighbours: list[dict[str, Any]]
) -> Iterator[Template]:
    """The templates of other pages whose place is on this page as well."""
    tree = parse(page["body"])
    for other in neighbours:
        template = other["template"]
        if other is not page and template and stand(tree, template):
            yield template


def read_set(folder: Path) -> Iterator[dict[str, Any]]:
    """The gold rows of a set, each with the bytes of its page."""
    with (folder / "gold.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield row | {"body": gzip.decompress((folder / f"{row['id']}.html.gz").read_bytes())}


def is_chinese(page: dict[str, Any]) -> bool:
    """By the label, never by the text."""
    return str(page.get("lang") or "").startswith("zh")


def taught_by(page: dict[str, Any]) -> Template | None:
    """The template that a page teaches, if it teaches one."""
    result = refined(page, Site(to_study=True))
    lesson = result.lesson if isinstance(result, Article) else None
    return lesson.template if lesson else None


def cold(page: dict[str, Any]) -> str:
    """The text of `refine` on a site of which nothing is known, "" where it refuses."""
    return text_of(page, UNKNOWN)


def warm(page: dict[str, Any]) -> str:
    """The same on a site that has taught the page's template."""
    return text_of(page, Site(templates=(page["template"],)) if page["template"] else UNKNOWN)


def text_of(page: dict[str, Any], site: Site) -> str:
    result = refined(page, site)
    return result.text if isinstance(result, Article) else ""


def refined(page: dict[str, Any], site: Site) -> Article | Refusal:
    url = page.get("url") or "https://example.com/"
    return refine(Page(url, "bench", page["body"], datetime.now(UTC)), site)


def stock(page: dict[str, Any]) -> str:
    """What trafilatura gives without any option but metadata; its language by langdetect."""
    result = bare_extraction(page["body"], with_metadata=True)
    text = result.text or "" if isinstance(result, Document) else ""
    try:
        detect(text)
    except LangDetectException:
        return text  # There is nothing to tell a language by.
    return text


def score(
    pages: list[dict[str, Any]], extractors: dict[str, Callable[[dict[str, Any]], str]]
) -> dict[str, list[Score]]:
    """Each extractor's score on each page; the first page is run once before, for what loads late."""
    scores: dict[str, list[Score]] = {name: [] for name in extractors}
    for extract in extractors.values():
        extract(pages[0])
    for page in pages:
        for name, extract in extractors.items():
            began = time.process_time()
            text = extract(page)
            scores[name].append(compare(page["text"], text, time.process_time() - began))
    return scores


def compare(gold: str, text: str, seconds: float) -> Score:
    """Shingles of the two texts against each other."""
    wanted, found = shingles(gold), shingles(text)
    both = (wanted & found).total()
    leftover, lost = found.total() - both, wanted.total() - both
    total = both + leftover + lost or 1
    return Score(both / total, leftover / total, lost / total, seconds)


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Runs of four tokens; of a shorter text, all of it."""
    tokens = TOKEN.findall(text)
    starts = range(max(1, len(tokens) - GRAM + 1))
    return Counter(tuple(tokens[i : i + GRAM]) for i in starts if tokens)


def f1(scores: list[Score]) -> tuple[float, float, float]:
    """F1 of the mean precision and mean recall, with both."""
    precision = fmean(
        [s.both / (s.both + s.leftover) for s in scores if s.both + s.leftover] or [0]
    )
    recall = fmean([s.both / (s.both + s.lost) for s in scores if s.both + s.lost] or [0])
    return 2 * precision * recall / (precision + recall or 1), precision, recall


def columns(scores: dict[str, list[Score]]) -> tuple[str, ...]:
    """The figures of one row."""
    ms = {name: 1000 * fmean(one.seconds for one in some) for name, some in scores.items()}
    return (
        *(f"{value:.3f}" for value in f1(scores["cold"])),
        *(f"{f1(scores[name])[0]:.3f}" for name in ("warm", "stock")),
        *(f"{ms[name]:.1f}" for name in ("cold", "warm", "stock")),
        *(f"{ms[name] / ms['stock']:.2f}" for name in ("cold", "warm")),
    )


if __name__ == "__main__":
    main()
