"""Build a store of any size from lines of real articles, with the schema of the migrations.

Words are as frequent and texts as long as real ones, and no two texts have the same lines. Ids rise with
the time of fetching; that is hours after publication for most articles, and years for some, as after a
crawl of old pages.
"""

import json
import random
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from tests.newsroom.content import load
from tests.newsroom.sites import SITES

from shopwire.storage.crawl_log.runs import declare_source
from shopwire.storage.database import Store
from shopwire.storage.datasette.stored_facets import ALL, COLUMNS
from shopwire.storage.search.full_text import build_index_text

HAN = re.compile("[\u4e00-\u9fff]+")
NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
"""When the last article was fetched: pages of the last days are full on the day of the build."""
YEARS = 3
SOURCES, PLATFORMS = 200, 300
BATCH = 10_000
COUNT_FACET = """
INSERT INTO facet_counts SELECT '{field}', {within}, {column}, count(*) FROM articles
WHERE canonical_id = id AND {column} IS NOT NULL GROUP BY {within}, {column}
"""
# One article in this many is a copy of the one before; one in this many names a rare word.
COPIES, RARE = 5, 5000
RARE_WORD = "麒麟轩"
MEMBERS = 4  # articles of a story
# Lines of an article, which come to the length that articles of the trade press have.
LINES = (6, 14)
# Limits of what SQLite holds in memory. A larger one for the search index saves merges later.
MEMORY, WORDS_IN_MEMORY, WORDS_NORMALLY = 500_000, 256 << 20, 1 << 20
# Tables that triggers maintain in normal use.
MENTIONS = """
INSERT INTO mentions SELECT day, name, min(kind), count(*) FROM named GROUP BY day, name
"""
DAILY_COUNTS = """
INSERT INTO daily_counts
SELECT day, language, count(*) FROM articles WHERE canonical_id = id GROUP BY day, language
"""


class Made(NamedTuple):
    """An article and its rows in other tables, each as the columns of its table."""

    article: dict[str, Any]
    words: dict[str, Any]
    named: list[dict[str, Any]]
    figures: list[dict[str, Any]]
    copies: list[dict[str, Any]]


def sentences(folder: Path | None) -> dict[str, list[str]]:
    """Return lines of real articles by language: the newsroom's and those of all `*.jsonl` in a folder."""
    texts: list[str] = []
    for path in sorted(folder.rglob("*.jsonl")) if folder else []:
        rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
        texts.extend(row.get("text") or "" for row in rows)
    for site in SITES:
        texts += ["\n".join(article.paragraphs) for article in load(site.name, 1)]
    lines = {line.strip() for text in texts for line in text.split("\n") if len(line) > 15}
    found: dict[str, list[str]] = {"zh": [], "en": []}
    for line in sorted(lines):
        found["zh" if HAN.search(line) else "en"].append(line[:400])
    return found


def build(store: Store, number: int, lines: Mapping[str, Sequence[str]]) -> float:
    """Fill an empty store; returns the seconds it took."""
    chance = random.Random(number)
    began = time.monotonic()
    with in_bulk(store):
        with store.writing():
            for source in range(SOURCES):
                declare_source(store, source_name(source), f"Site {source}", "https://site.example", "zh")
        for first in range(1, number + 1, BATCH):
            ids = range(first, min(first + BATCH, number + 1))
            made = [make_article(article, number, lines, chance) for article in ids]
            with store.writing():
                stories = groupby(made, lambda one: one.article["story_id"])
                insert_rows(store, "stories", (summarize_story(list(members)) for _, members in stories))
                insert_rows(store, "articles", (one.article for one in made))
                insert_rows(store, "articles_fts", (one.words for one in made))
                for table in ("named", "figures", "copies"):
                    insert_rows(store, table, (row for one in made for row in getattr(one, table)))
        with store.writing():
            store.db.execute(MENTIONS)
            store.db.execute(DAILY_COUNTS)
            for within in (f"'{ALL}'", "language"):
                for field, column in COLUMNS.items():
                    sql = COUNT_FACET.format(field=field, within=within, column=column)
                    store.db.execute(sql)
    return time.monotonic() - began


@contextmanager
def in_bulk(store: Store) -> Iterator[None]:
    """Write without a journal, without triggers and with a large cache; only for a store in no other use."""
    triggers = store.rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    store.db.execute(f"PRAGMA cache_size = -{MEMORY}")
    store.db.execute("PRAGMA journal_mode = OFF")
    for trigger in triggers:
        store.db.execute(f"DROP TRIGGER {trigger['name']}")
    set_index_memory(store, WORDS_IN_MEMORY)
    yield
    set_index_memory(store, WORDS_NORMALLY)
    for trigger in triggers:
        store.db.execute(trigger["sql"])
    store.db.execute("PRAGMA journal_mode = WAL")


def set_index_memory(store: Store, size: int) -> None:
    """Let the search index buffer `size` bytes before it writes them."""
    with store.writing():
        store.db.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('hashsize', ?)", [size])


def insert_rows(store: Store, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same columns."""
    found = list(rows)
    if not found:
        return
    names = ", ".join(found[0])
    marks = ", ".join("?" * len(found[0]))
    store.db.conn.executemany(
        f"INSERT INTO {table} ({names}) VALUES ({marks})", [list(row.values()) for row in found]
    )


def source_name(source: int) -> str:
    """Return the name of a source."""
    return f"site-{source:03}"


def make_article(number: int, of: int, lines: Mapping[str, Sequence[str]], chance: random.Random) -> Made:
    """Return article `number` of `of`, which is similar to no other."""
    language = chance.choice(("zh", "zh", "en"))
    chosen = chance.sample(lines[language], chance.randint(*LINES))
    if number % RARE == 1:
        chosen.append(f"{RARE_WORD}也在其中。")
    fetched = NOW - timedelta(days=YEARS * 365) * (1 - number / of)
    late = timedelta(days=YEARS * 365) if chance.random() < 0.1 else timedelta(hours=12)
    published = (fetched - late * chance.random()).isoformat(timespec="minutes")
    day = published[:10]
    source = source_name(int(SOURCES * chance.random() ** 3))
    platforms = sorted({f"Platform {int(PLATFORMS * chance.random() ** 2)}" for _ in range(4)})
    title = chosen[0][:40]
    article = {
        "id": number,
        "url": f"https://{source}.example/{number}",
        "source": source,
        "title": title,
        "author": "",
        "editor": "",
        "published": published,
        "published_from": "bench",
        "fetched": fetched.isoformat(timespec="seconds"),
        "language": language,
        "origin": "",
        "tags": "[]",
        "image": "",
        "text": "\n".join(chosen),
        "text_hash": chance.getrandbits(63),
        "canonical_id": number - 1 if number % COPIES == 0 else number,
        "story_id": (number - 1) // MEMBERS + 1,
        "extractor": "bench",
        "archived_in": "",
        "time": published,
        "day": day,
        "platform": platforms[0],
    }
    figure = {
        "article_id": number,
        "day": day,
        "kind": "amount",
        "unit": "cny",
        "sentence": title,
        "counts": "money",
    }
    copy = {"article_id": number, "of_id": number - 1, "kind": "near", "score": 0.9, "why": "{}"}
    return Made(
        article,
        {
            "rowid": number,
            "title": build_index_text(title),
            "text": " ".join(map(shadow_of, chosen)),
        },
        [{"article_id": number, "name": name, "day": day, "kind": "platform"} for name in platforms],
        [figure | {"value": float(f"{chance.random() * 1e12:.3g}")} for _ in range(2)],
        [copy] if number % COPIES == 0 else [],
    )


def summarize_story(members: Sequence[Made]) -> dict[str, Any]:
    """Return the row of the story that some articles tell."""
    times = [one.article["time"] for one in members]
    return {
        "id": members[0].article["story_id"],
        "title": members[0].article["title"],
        "first_seen": min(times),
        "last_seen": max(times),
        "articles": len(members),
        "sources": len({one.article["source"] for one in members}),
        "languages": " ".join(sorted({one.article["language"] for one in members})),
    }


@cache
def shadow_of(line: str) -> str:
    """Return the search index text of a line, computed once for all articles that have it."""
    return build_index_text(line)
