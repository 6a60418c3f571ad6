"""What an article costs while the store grows: places new articles at several sizes of the store.

    python -m bench.growth [SIZE ...]

The store is filled, without search text, with articles of made-up words in which common phrases
recur. From the second size on it is filled with rows of random keys and lines instead, as many as
articles bring, because a key that many articles share is stored for the first of them only. Then
articles that are new, edited copies and exact copies are stored, and their copies looked for.
"""

import itertools
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from shopwire.pipelines.clean import line_hash
from shopwire.pipelines.fingerprint import KEY_BITS, SAMPLE_FLOOR, sample, text_hash
from shopwire.pipelines.relate import relate
from shopwire.pipelines.resemblance import read
from shopwire.storage.fingerprints import add_keys, count_lines, holders
from shopwire.storage.ledger import declare_source
from shopwire.storage.store import Store

SIZES = (10_000, 100_000, 500_000)
SITES = 200
NEW = 400
PARAGRAPHS = 8
WORDS = 40_000
PHRASES = 4_000
FETCHED = "2026-11-22T08:00:00+00:00"
COLUMNS = {"author": "", "editor": "", "published_from": "", "origin": "", "tags": "[]"} | {
    "image": "",
    "extractor": "bench",
    "archived_in": "",
    "language": "en",
    "fetched": FETCHED,
}


class Writer:
    """Writes articles of words whose frequencies fall off as in a language (Zipf)."""

    def __init__(self) -> None:
        self.random = random.Random(1)
        self.words = [f"w{number:x}" for number in range(WORDS)]
        self.weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(WORDS)))
        self.phrases = [" ".join(self.some(9)) for _ in range(PHRASES)]

    def some(self, count: int) -> list[str]:
        return self.random.choices(self.words, cum_weights=self.weights, k=count)

    def text(self) -> str:
        """Eight paragraphs; a third of the sentences has been used before."""
        paragraphs = []
        for _ in range(PARAGRAPHS):
            words = self.some(18)
            if self.random.random() < 0.5:
                words.insert(6, self.phrases[int(self.random.paretovariate(0.5)) % PHRASES])
            paragraphs.append(" ".join(words) + ".")
        return "\n".join(paragraphs)


def fill(store: Store, writer: Writer, start: int, end: int) -> None:
    """Add stored articles in bulk, each its own canonical one."""
    for first in range(start, end, 1_000):
        with store.writing():
            for number in range(first, min(first + 1_000, end)):
                text = writer.text()
                site = f"site{number % SITES}"
                article = store.insert(
                    "articles",
                    COLUMNS
                    | {
                        "url": f"https://{site}.example/{number}",
                        "source": site,
                        "title": " ".join(writer.some(7)),
                        "text": text,
                        "text_hash": text_hash(text),
                        "canonical_id": number + 1,
                    },
                )
                found = holders(store, sample(read(text).keys).tolist())
                add_keys(store, article, (), found)
                count_lines(store, site, {line_hash(line) for line in text.split("\n")})


def ballast(store: Store, start: int, end: int) -> None:
    """Add articles that resemble nothing: rows as many and as long, in the order of their keys."""
    chance = np.random.default_rng(start)
    count = end - start
    with store.writing():
        store.db.conn.executemany(
            "INSERT INTO articles (id, url, source, title, text, text_hash, canonical_id, author, "
            "editor, published_from, origin, tags, image, extractor, archived_in, language, fetched) "
            "VALUES (?1, 'https://old.example/' || ?1, ?2, 'title', ?3, ?4, ?1, "
            "'', '', '', '', '[]', '', 'bench', '', 'en', ?5)",
            (
                (number, f"site{number % SITES}", "word " * 160, -number, FETCHED)
                for number in range(start + 1, end + 1)
            ),
        )
        keys = np.sort(chance.integers(0, 1 << KEY_BITS, count * SAMPLE_FLOOR))
        owners = chance.integers(start + 1, end + 1, len(keys))
        store.db.conn.executemany(
            "INSERT OR IGNORE INTO fingerprints (key, article) VALUES (?, ?)",
            zip(keys.tolist(), owners.tolist(), strict=True),
        )
        lines = np.sort(chance.integers(0, 1 << 62, count * PARAGRAPHS))
        store.db.conn.executemany(
            "INSERT INTO lines (hash, site, clusters) VALUES (?, ?, 1)",
            ((line, f"site{line % SITES}") for line in lines.tolist()),
        )


def arrivals(store: Store, writer: Writer, written: int, size: int) -> Iterator[dict[str, object]]:
    """New articles, among them a fifth of edited and a tenth of exact copies."""
    for number in range(NEW):
        text = writer.text()
        if number % 10 < 3:
            row = store.row(
                "SELECT text FROM articles WHERE id = ?", 1 + writer.random.randrange(written)
            )
            assert row
            text = row["text"]
        if number % 10 in (1, 2):
            words = text.split(" ")
            text = " ".join(word for word in words if writer.random.random() > 0.05)
        yield COLUMNS | {
            "url": f"https://new.example/{size}/{number}",
            "source": f"site{number % SITES}",
            "title": " ".join(writer.some(7)),
            "text": text,
            "text_hash": text_hash(text),
        }


def measure(store: Store, writer: Writer, written: int, size: int) -> str:
    """Place new articles, some of them copies of the first `written`; gives one row of the table."""
    lookups, costs = [], []
    for article in list(arrivals(store, writer, written, size)):
        keys = sample(read(str(article["text"])).keys).tolist()
        started = time.perf_counter()
        holders(store, keys)
        lookups.append((time.perf_counter() - started) * 1_000)
        read.cache_clear()
        with store.writing():
            article_id = store.insert_article(article)
            cpu = time.process_time()
            relate(store, article_id)
            costs.append((time.process_time() - cpu) * 1_000)
    found = store.row(
        "SELECT count(*) FROM copies JOIN articles ON articles.id = article_id WHERE url LIKE ?",
        f"https://new.example/{size}/%",
    )
    assert found
    slow = statistics.quantiles(lookups, n=20)[-1]
    return (
        f"| {size:,} | {statistics.fmean(costs):.2f} | {statistics.median(costs):.2f} "
        f"| {statistics.median(lookups):.2f} | {slow:.2f} | {found[0]}/{NEW * 3 // 10} "
        f"| {store.path.stat().st_size / size / 1024:.2f} |"
    )


def main() -> None:
    sizes = [int(word) for word in sys.argv[1:]] or SIZES
    print(
        "| stored | ms/article mean | median | look-up ms p50 | p95 | copies found | KB/article |"
    )
    print("|---|---|---|---|---|---|---|")
    writer = Writer()
    with tempfile.TemporaryDirectory() as home, Store(Path(home) / "shopwire.db") as store:
        with store.writing():
            for site in range(SITES):
                declare_source(store, f"site{site}", "", "", "en")
        start = 0
        for size in sizes:
            if start:
                ballast(store, start, size)
            else:
                fill(store, writer, 0, size)
            print(measure(store, writer, sizes[0], size), flush=True)
            start = size + NEW


if __name__ == "__main__":
    main()
