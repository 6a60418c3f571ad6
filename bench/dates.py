"""Score the dates of publication on labelled pages against those that libraries find.

    python -m bench.dates [FOLDER] [SET ...]

FOLDER and its sets are those of `bench.quality`; pages whose label has a `date` are read. A date is right if
it has the labelled day. htmldate (https://doi.org/10.21105/joss.02439) finds days in the whole page;
dateparser reads the lines around the headline. The last table says which place gave our dates.
"""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dateparser.search import search_dates
from htmldate import find_date

from bench.fixtures.labelled_pages import DATA, read_set
from bench.measure import print_table
from shopwire.pipelines.article import Article
from shopwire.pipelines.extract_article import extract_article
from shopwire.pipelines.metadata.dates.date_candidates import find_declared_dates
from shopwire.pipelines.parsing.document import parse_html
from shopwire.pipelines.parsing.meta_tags import read_meta
from shopwire.pipelines.parsing.visible_text import read_visible_lines
from shopwire.spiders.page import Page
from shopwire.storage.layout_fields import RELATIVE
from shopwire.storage.text.folding import fold

NEIGHBOURS, LONGEST_LINE = 8, 120
"""Lines below the headline that dateparser reads, and their length at most."""


def find_own(page: dict[str, Any]) -> str:
    """Return the date in our article, "" without one."""
    article = _extract(page)
    return article.published if article else ""


def find_by_htmldate(page: dict[str, Any], *, extensive: bool) -> str:
    """Return the day that htmldate finds, "" without one."""
    return find_date(parse_html(page["body"]), extensive_search=extensive, original_date=True) or ""


def find_declared(page: dict[str, Any]) -> str:
    """Return the first declared date of publication, else the day that htmldate finds."""
    declared = find_declared_dates(read_meta(parse_html(page["body"])))
    found = (item.moment.format(UTC) for item in declared if item.kind == "published")
    return next(found, "") or find_by_htmldate(page, extensive=False)


def find_by_dateparser(page: dict[str, Any]) -> str:
    """Return the first date that dateparser reads near the headline, after the declared ones."""
    declared = find_declared_dates(read_meta(parse_html(page["body"])))
    found = [item.moment.format(UTC) for item in declared if item.kind == "published"]
    if found:
        return found[0]
    lines = read_visible_lines(parse_html(page["body"]))
    title = fold(page.get("title") or "")
    start = next((number for number, line in enumerate(lines) if title and fold(line) == title), 0)
    for line in lines[start : start + NEIGHBOURS]:
        for _, moment in search_dates(line[:LONGEST_LINE], settings={"STRICT_PARSING": True}) or ():
            return moment.isoformat() if moment.time() != datetime.min.time() else moment.date().isoformat()
    return find_by_htmldate(page, extensive=False)


FINDERS: dict[str, Callable[[dict[str, Any]], str]] = {
    "ours": find_own,
    "htmldate": lambda page: find_by_htmldate(page, extensive=False),
    "htmldate, extensive": lambda page: find_by_htmldate(page, extensive=True),
    "declared, then htmldate": find_declared,
    "declared, then dateparser near the headline, then htmldate": find_by_dateparser,
}


def main() -> None:
    """Print one row for each finder, then the places of our dates."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    if not folder.is_dir():
        print(f"no labelled pages in {folder}, so their dates are not measured")
        return
    names = sys.argv[2:] or sorted(path.parent.name for path in folder.glob("*/gold.jsonl"))
    pages = [page for name in names for page in read_set(folder / name) if page.get("date")]
    chinese = [page for page in pages if str(page.get("lang") or "").startswith("zh")]
    others = [page for page in pages if page not in chinese]
    print(f"{len(chinese)} Chinese pages and {len(others)} others with a labelled day\n")
    head = ("finder", "Chinese right", "others right", "wrong", "none", "with a clock", "CPU ms a page")
    print_table(head, (score_finder(name, chinese, others) for name in FINDERS))
    print()
    print_table(("place of our date", "pages", "right"), count_places(pages))


def score_finder(
    name: str, chinese: list[dict[str, Any]], others: list[dict[str, Any]]
) -> tuple[object, ...]:
    """Return a row: how many days a finder has right, wrong and not, and its CPU time."""
    began = time.process_time()
    found = [[(FINDERS[name](page), page["date"][:10]) for page in pages] for pages in (chinese, others)]
    milliseconds = 1000 * (time.process_time() - began) / max(len(chinese) + len(others), 1)
    right = [sum(date[:10] == day for date, day in pairs) for pairs in found]
    everything = [date for pairs in found for date, _ in pairs]
    none = sum(not date for date in everything)
    clocks = sum(len(date) > 10 for date in everything)
    wrong = len(everything) - sum(right) - none
    # Ours is the time of the whole extraction.
    took = "" if name == "ours" else f"{milliseconds:.1f}"
    return name, *right, wrong, none, clocks, took


def count_places(pages: Iterable[dict[str, Any]]) -> list[tuple[str, int, int]]:
    """Return a row for each place of our dates: how many it gave, and how many of these are right."""
    given, right = Counter[str](), Counter[str]()
    for page in pages:
        article = _extract(page)
        place = (
            article.published_from.removesuffix(RELATIVE).split()[0] if article and article.published else ""
        )
        given[place or "none"] += 1
        right[place or "none"] += article is not None and article.published[:10] == page["date"][:10]
    return [(place, count, right[place]) for place, count in given.most_common()]


def _extract(page: dict[str, Any]) -> Article | None:
    url = page.get("url") or "https://example.com/"
    result = extract_article(Page(url, "bench", page["body"], datetime.now(UTC)))
    return result if isinstance(result, Article) else None


if __name__ == "__main__":
    main()
