"""How much of labelled articles comes out, how much else, and at what cost beside stock trafilatura.

python -m bench.quality [FOLDER] [SET ...]

FOLDER (default `../shared/data/extract`) holds one folder a set, each with `gold.jsonl` (id, url,
lang, text) and `<id>.html.gz`. The measure is that of scrapinghub's article-extraction-benchmark:
4-gram shingles, normalised for each page, mean precision, mean recall, F1 of the means; a CJK
character is one token. Both extractors see the same pages in one process, in turns.
"""

import gzip
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple

from trafilatura import bare_extraction
from trafilatura.settings import Document

from bench.measure import print_table
from shopwire.pipelines.article import Article
from shopwire.pipelines.refine import refine
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
    """Print one row for each set and language."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    if not folder.is_dir():
        print(f"no labelled pages in {folder}, so their quality is not measured")
        return
    names = sys.argv[2:] or sorted(path.parent.name for path in folder.glob("*/gold.jsonl"))
    extractors = {"shopwire": ours, "trafilatura": stock}
    rows = []
    for name in names:
        pages = list(read_set(folder / name))
        for chinese in (True, False):
            chosen = [page for page in pages if chinese == is_chinese(page)]
            if chosen:
                scores = score(chosen, extractors)
                rows.append((name, "zh" if chinese else "other", len(chosen), *columns(scores)))
    head = ("set", "lang", "pages", "F1", "P", "R", "ms", "stock F1", "stock ms", "time ratio")
    print_table(head, rows)


def read_set(folder: Path) -> Iterator[dict[str, Any]]:
    """The gold rows of a set, each with the bytes of its page."""
    with (folder / "gold.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield row | {"body": gzip.decompress((folder / f"{row['id']}.html.gz").read_bytes())}


def is_chinese(page: dict[str, Any]) -> bool:
    """By the label, never by the text."""
    return str(page.get("lang") or "").startswith("zh")


def ours(page: dict[str, Any]) -> str:
    """The text of `refine`, "" where it refuses."""
    url = page.get("url") or "https://example.com/"
    result = refine(Page(url, "bench", page["body"], datetime.now(UTC)))
    return result.text if isinstance(result, Article) else ""


def stock(page: dict[str, Any]) -> str:
    """What trafilatura gives without any option but metadata."""
    result = bare_extraction(page["body"], with_metadata=True)
    return result.text or "" if isinstance(result, Document) else ""


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
    own, other = scores["shopwire"], scores["trafilatura"]
    ms, stock_ms = (1000 * fmean(s.seconds for s in one) for one in (own, other))
    return (
        *(f"{value:.3f}" for value in f1(own)),
        f"{ms:.1f}",
        f"{f1(other)[0]:.3f}",
        f"{stock_ms:.1f}",
        f"{ms / stock_ms:.2f}",
    )


if __name__ == "__main__":
    main()
