"""Score extraction on labelled pages against stock trafilatura with langdetect.

    python -m bench.quality [FOLDER] [SET ...]

FOLDER (default: SHOPWIRE_BENCH_DATA) holds one folder a set, each with `gold.jsonl` (id, url, lang,
text) and `<id>.html.gz`. The measure is that of scrapinghub's article-extraction-benchmark: 4-gram
shingles, normalised for each page, mean precision, mean recall, F1 of the means; a CJK character is one
token. Both extractors see the same pages in one process, in turns; times are CPU time. Two more tables
say what extracted the bodies, and what each part of our body finder adds.
"""

import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import UTC, datetime
from math import inf
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple
from unittest.mock import patch

from langdetect import LangDetectException, detect
from trafilatura import bare_extraction
from trafilatura.settings import Document

from bench.fixtures.labelled_pages import DATA, read_set
from bench.measure import print_table
from shopwire.pipelines.article import Article
from shopwire.pipelines.extract_article import extract_article
from shopwire.pipelines.extraction import choose_region, main_content
from shopwire.pipelines.extraction.main_content import Engine, extract_body
from shopwire.pipelines.parsing.document import parse_html
from shopwire.spiders.page import Page

CJK = "\u3400-\u4dbf\u4e00-\u9fff\u3040-\u30ff\uac00-\ud7af\uf900-\ufaff"
TOKEN = re.compile(f"[{CJK}]|[^\\W{CJK}]+")
GRAM = 4
HEAD = ("set", "lang", "pages", "F1", "P", "R", "trafilatura F1", "ms", "trafilatura ms", "ratio")

PARTS: dict[str, tuple[str, object]] = {
    "trafilatura": ("MIN_KEPT", inf),
    "our own lines where it keeps few": ("MIN_KEPT", 0.0),
    "the whole page in doubt": ("_is_low_confidence", lambda *_: False),
    "boilerplate by name": ("is_boilerplate_region", lambda region, _: region.never_article),
    "link cards": ("find_link_cards", lambda *_: set()),
    "other articles": ("mark_other_articles", lambda _: None),
    "short articles": ("find_short_article", lambda *_: None),
    "landmarks": ("_find_landmarks", lambda _: []),
    "the lead": ("_find_lead", lambda *_: []),
    "repeated lines": ("_drop_repeated", lambda lines: lines),
}
"""Parts of the body finder: a name in its modules, and what to replace it with."""

MODULES_OF_PARTS = {
    part: [module for module in (choose_region, main_content) if hasattr(module, name)]
    for part, (name, _) in PARTS.items()
}
"""The modules that use a part."""
assert all(MODULES_OF_PARTS.values()), MODULES_OF_PARTS


class Score(NamedTuple):
    """Shares of one page's shingles: in both texts, only in ours, only in the label; CPU seconds."""

    both: float
    leftover: float
    lost: float
    seconds: float


def main() -> None:
    """Print one row for each set and language, and one for all pages."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    if not folder.is_dir():
        print(f"no labelled pages in {folder}, so their quality is not measured")
        return
    names = sys.argv[2:] or sorted(path.parent.name for path in folder.glob("*/gold.jsonl"))
    rows = []
    totals: dict[str, list[Score]] = defaultdict(list)
    for name in names:
        pages = list(read_set(folder / name))
        for language, chinese in (("zh", True), ("other", False)):
            chosen = [page for page in pages if chinese == is_chinese(page)]
            if chosen:
                scores = score_pages(chosen)
                rows.append((name, language, len(chosen), *format_figures(scores)))
                for extractor, some in scores.items():
                    totals[extractor] += some
    rows.append(("all", "", len(totals["shopwire"]), *format_figures(totals)))
    print_table(HEAD, rows)
    print("\nBodies of each engine:\n")
    print_table(("set", *Engine), [count_engines(name, read_set(folder / name)) for name in names])
    pages = [page for name in names for page in read_set(folder / name)]
    whole = compute_f1(totals["shopwire"])[0]
    changes = [(part, f"{measure_without(part, pages) - whole:+.4f}") for part in PARTS]
    print("\nWhat each part of the body finder adds, by the figure without it:\n")
    print_table(("without", "F1 of all"), changes)


def count_engines(name: str, pages: Iterable[dict[str, Any]]) -> tuple[str | int, ...]:
    """Return a row of how many bodies of a set each engine gave."""
    bodies = (extract_body(parse_html(page["body"]), page.get("url") or "") for page in pages)
    counts = Counter(body.engine for body in bodies)
    return (name, *(counts[engine] for engine in Engine))


def measure_without(part: str, pages: list[dict[str, Any]]) -> float:
    """Return the F1 of all pages without a part of the body finder."""
    with ExitStack() as replaced:
        for module in MODULES_OF_PARTS[part]:
            replaced.enter_context(patch.object(module, *PARTS[part]))
        return compute_f1([compare_texts(page["text"], run_shopwire(page), 0.0) for page in pages])[0]


def is_chinese(page: dict[str, Any]) -> bool:
    """Return whether the label of a page says that it is Chinese."""
    return str(page.get("lang") or "").startswith("zh")


def run_shopwire(page: dict[str, Any]) -> str:
    """Return the text that our extraction finds, "" where it refuses the page."""
    url = page.get("url") or "https://example.com/"
    result = extract_article(Page(url, "bench", page["body"], datetime.now(UTC)))
    return result.text if isinstance(result, Article) else ""


def run_trafilatura(page: dict[str, Any]) -> str:
    """Return the text that trafilatura finds by default, after detecting its language."""
    result = bare_extraction(page["body"], with_metadata=True)
    text = result.text or "" if isinstance(result, Document) else ""
    try:
        detect(text)
    except LangDetectException:
        return text  # The text has no letters.
    return text


EXTRACTORS: dict[str, Callable[[dict[str, Any]], str]] = {
    "shopwire": run_shopwire,
    "trafilatura": run_trafilatura,
}


def score_pages(pages: list[dict[str, Any]]) -> dict[str, list[Score]]:
    """Return each extractor's scores; the first page is run once before, for what is loaded late.

    One of two pages is read by the second extractor first, because whoever is first waits for its memory.
    """
    scores: dict[str, list[Score]] = {name: [] for name in EXTRACTORS}
    for extract in EXTRACTORS.values():
        extract(pages[0])
    for number, page in enumerate(pages):
        for name in list(EXTRACTORS)[:: -1 if number % 2 else 1]:
            began = time.process_time()
            text = EXTRACTORS[name](page)
            scores[name].append(compare_texts(page["text"], text, time.process_time() - began))
    return scores


def compare_texts(gold: str, text: str, seconds: float) -> Score:
    """Return the score of an extracted text against the labelled one."""
    wanted, found = count_shingles(gold), count_shingles(text)
    both = (wanted & found).total()
    leftover, lost = found.total() - both, wanted.total() - both
    total = both + leftover + lost or 1
    return Score(both / total, leftover / total, lost / total, seconds)


def count_shingles(text: str) -> Counter[tuple[str, ...]]:
    """Count the runs of four tokens of a text; a shorter text is one run."""
    tokens = TOKEN.findall(text)
    starts = range(max(1, len(tokens) - GRAM + 1))
    return Counter(tuple(tokens[i : i + GRAM]) for i in starts if tokens)


def compute_f1(scores: list[Score]) -> tuple[float, float, float]:
    """Return the F1 of mean precision and mean recall, then both means."""
    precision = fmean([s.both / (s.both + s.leftover) for s in scores if s.both + s.leftover] or [0])
    recall = fmean([s.both / (s.both + s.lost) for s in scores if s.both + s.lost] or [0])
    return 2 * precision * recall / (precision + recall or 1), precision, recall


def format_figures(scores: dict[str, list[Score]]) -> tuple[str, ...]:
    """Return the figures of one row: F1, precision, recall, CPU milliseconds a page."""
    ours, stock = (1000 * fmean(one.seconds for one in scores[name]) for name in EXTRACTORS)
    return (
        *(f"{value:.3f}" for value in compute_f1(scores["shopwire"])),
        f"{compute_f1(scores['trafilatura'])[0]:.3f}",
        f"{ours:.1f}",
        f"{stock:.1f}",
        f"{ours / stock:.2f}",
    )


if __name__ == "__main__":
    main()
