"""What telling stories costs: articles a second, and whether an article costs more in a full store.

    python -m bench.stories [ARTICLES ...]        (10000 and 500000 when none are given)

A synthetic store is filled with so many articles, 500 a day, from prototypes that the product itself
has read; then fresh articles of the last days are followed into it, each in a transaction of its own.
Times are CPU time of this process, so that neighbours on the machine do not count.
"""

import random
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from shopwire.pipelines.article import Article
from shopwire.pipelines.stories.assign_story import follow
from shopwire.storage.database import Store

PROTOTYPES = 500
PER_DAY = 500
FRESH = 200
FIRST_DAY = date(2020, 1, 1)
SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "el", "or")]

COLUMNS = (
    "source, title, author, editor, published_from, language, origin, tags, image, text, text_hash, "
    "extractor, archived_in"
)
GROW = f"""
WITH RECURSIVE n(id) AS (SELECT :first UNION ALL SELECT id + 1 FROM n WHERE id < :last)
INSERT INTO articles (id, url, canonical_id, story_id, published, fetched, {COLUMNS})
SELECT n.id, 'https://bench.example/' || n.id, n.id, 1,
       date('{FIRST_DAY}', '+' || (n.id / {PER_DAY}) || ' days'), '2026-01-01', {COLUMNS}
FROM n JOIN articles p ON p.id = 1 + n.id % {PROTOTYPES};
INSERT INTO profiles (article_id, strand, day, language, length, marks, keys, words)
SELECT a.id, a.id, julianday(a.published) - 2440587.5, p.language, length, marks, keys, words
FROM articles a JOIN profiles p ON p.article_id = 1 + a.id % {PROTOTYPES} WHERE a.id >= :first;
CREATE TEMP TABLE prototype AS SELECT article_id AS id, key FROM facts;
CREATE INDEX temp.prototype_id ON prototype(id);
INSERT INTO facts
SELECT f.key, a.day, a.article_id FROM profiles a
CROSS JOIN prototype f ON f.id = 1 + a.article_id % {PROTOTYPES}
WHERE a.article_id >= :first ORDER BY f.key, a.day, a.article_id;
UPDATE terms SET articles = articles * :last / {PROTOTYPES}
"""


def text_of(chance: random.Random) -> str:
    """A text of 250 words whose frequencies fall off as in a language (Zipf), names and numbers."""
    words = []
    for at in range(250):
        rank = int(chance.paretovariate(0.9))
        seed = random.Random(min(rank, 60_000))
        word = "".join(seed.choices(SYLLABLES, k=1 + seed.randrange(4)))
        words.append(word.capitalize() if at % 25 == 7 else word)
    for _ in range(6):
        words[chance.randrange(250)] = f"{chance.randrange(1, 999) * 10 ** chance.randrange(7):,}"
    return " ".join(words)


def put(store: Store, number: int, day: date, chance: random.Random) -> float:
    """Store one article; gives the CPU seconds its story took."""
    article = Article(
        url=f"https://bench.example/fresh/{number}",
        source="bench",
        title="",
        text=text_of(chance),
        language="en",
        fetched=day.isoformat(),
        extractor="bench",
        text_hash=-number,
        published=day.isoformat(),
    )
    columns = {name: getattr(article, name) for name in article.__slots__}
    columns |= {"tags": "[]", "archived_in": ""}
    with store.writing():
        row = store.insert_article(columns)
        started = time.process_time()
        follow(store, row)
    return time.process_time() - started


def measure(folder: Path, articles: int) -> list[float]:
    """CPU seconds of each fresh article in a store of `articles`."""
    chance = random.Random(7)
    with Store(folder / f"{articles}.db") as store:
        with store.writing():
            store.db.execute("INSERT INTO sources VALUES ('bench', '', '', '', '')")
        for number in range(PROTOTYPES):
            put(store, number, FIRST_DAY, chance)
        with store.writing():
            store.db.execute("PRAGMA defer_foreign_keys = ON")
            for statement in GROW.split(";\n"):
                store.db.execute(statement, {"first": PROTOTYPES + 1, "last": articles})
        last = FIRST_DAY + timedelta(days=articles // PER_DAY)
        return [put(store, PROTOTYPES + number, last, chance) for number in range(FRESH)]


def main() -> None:
    """Print a table, and how much the last store costs beside the first."""
    sizes = [int(word) for word in sys.argv[1:]] or [10_000, 500_000]
    medians = []
    print(f"{'stored':>9}  {'median ms':>9}  {'p95 ms':>7}  {'articles/s':>10}")
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            took = sorted(1000 * seconds for seconds in measure(Path(folder), size)[FRESH // 10 :])
            medians.append(statistics.median(took))
            p95, rate = took[int(0.95 * len(took))], 1000 * len(took) / sum(took)
            print(f"{size:>9}  {medians[-1]:>9.1f}  {p95:>7.1f}  {rate:>10.0f}")
    print(f"growth {medians[-1] / medians[0]:.2f}")


if __name__ == "__main__":
    main()
