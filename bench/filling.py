"""Fills a store in bulk with as many rows as so many articles bring, in every table that look-ups touch.

A few thousand articles are imported as they always are. All others are made of these: a text of their
lines put together anew, their entities, figures and words for stories as they are, on another day. Keys
of fingerprints and lines are drawn by chance, as those of texts that resemble nothing.
"""

import json
import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

import numpy as np

from bench.corpus import DAYS, SITES, Writer
from bench.large_store import shadow_of
from shopwire.commands.imports.articles import import_article, read_article
from shopwire.pipelines.analyze_article import day_of
from shopwire.pipelines.deduplication.fingerprint import KEY_BITS
from shopwire.storage.database import Store

BASE = 2_000
BATCH = 5_000
LINE_BITS = 62
# Filling is quicker where the store fits into memory.
LARGE_CACHE = "PRAGMA cache_size = -2000000"
# What an article has of the one it is made of.
COPIED = ("author", "editor", "published_from", "origin", "tags", "image", "extractor")
COPIED += ("archived_in", "platform", "language")
PROFILE = ("language", "length", "marks", "keys", "words")
NOTES = {"named": "kind, name", "figures": "kind, value, unit, sentence"}
# Its triggers would set these columns a second time.
TRIGGER = "articles_time_new"


class Filler:
    """Grows one store step by step."""

    def __init__(self, store: Store, writer: Writer, latest: datetime) -> None:
        """Begins with `BASE` articles that are really imported."""
        self.store, self.latest = store, latest
        store.db.execute(LARGE_CACHE)
        for article in writer.articles(0, BASE, latest):
            line = json.dumps(article).encode()
            import_article(store, read_article(line, latest.isoformat()), len(line))
        self.size = BASE
        self.chance = random.Random(2)
        self.rows = store.rows(
            "SELECT articles.*, marks, keys, words, length FROM articles JOIN profiles ON article_id = id"
        )
        self.lines: dict[str, list[str]] = {}
        for row in self.rows:
            self.lines.setdefault(row["language"], []).extend(row["text"].split("\n"))
        self.notes = {table: _by_article(store, table) for table in NOTES}
        self.keys = len(store.rows("SELECT 1 FROM fingerprints")) / BASE
        self.edges = len(store.rows("SELECT 1 FROM lines")) / BASE

    def grow(self, size: int) -> None:
        """Add articles until there are `size`."""
        trigger = self.store.row("SELECT sql FROM sqlite_master WHERE name = ?", TRIGGER)
        assert trigger
        self.store.db.execute(f"DROP TRIGGER {TRIGGER}")
        last = self.store.row("SELECT max(id) FROM articles")
        start = last[0] + 1 if last else 1
        for first in range(start, size + 1, BATCH):
            with self.store.writing():
                self._add(range(first, min(first + BATCH, size + 1)))
        with self.store.writing():
            self._add_keys(start, size)
            self.store.db.execute(trigger["sql"])
            # What is counted of so many more articles.
            self.store.db.execute("UPDATE terms SET articles = articles * ? / ?", [size, self.size])
        self.size = size

    def _add(self, numbers: range) -> None:
        tables: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        for number in numbers:
            for table, row in self._rows(number):
                tables[table].append(row)
        # In the order of its key: no table of the store is as large.
        tables["facts"].sort(key=itemgetter("key", "day"))
        for table, rows in tables.items():
            self._many(
                f"{table} ({', '.join(rows[0])}) VALUES (:{', :'.join(rows[0])})",
                rows,
            )

    def _rows(self, number: int) -> Iterator[tuple[str, dict[str, Any]]]:
        """The rows of one article, each with the name of its table."""
        base = self.chance.choice(self.rows)
        lines = self.lines[base["language"]]
        text = [self.chance.choice(lines) for _ in base["text"].split("\n")]
        title = self.chance.choice(lines)[:60]
        back = timedelta(minutes=self.chance.randrange(DAYS * 24 * 60))
        moment = (self.latest - back).isoformat(timespec="seconds")
        day, site = moment[:10], f"site-{number % SITES:03}"
        url, fetched = f"https://{site}.example/{number}", self.latest.isoformat()
        named = {name: base[name] for name in COPIED}
        story = {"first_seen": moment, "last_seen": moment, "articles": 1, "sources": 1}
        yield "stories", {"id": number, "title": title, "languages": base["language"], **story}
        own = {"id": number, "url": url, "source": site, "title": title, "text": "\n".join(text)}
        dated = {"published": moment, "fetched": fetched, "time": moment, "day": day}
        places = {"text_hash": -number, "canonical_id": number, "story_id": number}
        yield "articles", {**own, **dated, **places, **named}
        words = " ".join(map(shadow_of, text))
        yield "articles_fts", {"rowid": number, "title": shadow_of(title), "text": words}
        known = {"article_id": number, "strand": number, "day": day_of(moment)}
        yield "profiles", {**known, **{name: base[name] for name in PROFILE}}
        for key in filter(None, base["keys"].split("\n")):
            yield "facts", {"key": key, "day": known["day"], "article_id": number}
        attempt = {"source": site, "kind": "import", "url": url, "at": fetched}
        yield "fetches", {**attempt, "outcome": "stored", "reason": "", "article_id": number}
        for table, notes in self.notes.items():
            for note in notes.get(base["id"], ()):
                yield table, {"article_id": number, "day": day, **note}

    def _add_keys(self, first: int, last: int) -> None:
        """Fingerprints and lines of these articles, in the order of their keys."""
        chance = np.random.default_rng(first)
        articles = last - first + 1
        keys = np.sort(chance.integers(0, 1 << KEY_BITS, round(articles * self.keys)))
        owners = chance.integers(first, last + 1, len(keys))
        self._many("fingerprints VALUES (?, ?)", zip(keys.tolist(), owners.tolist(), strict=True))
        lines = np.sort(chance.integers(0, 1 << LINE_BITS, round(articles * self.edges)))
        sites = (f"site-{line % SITES:03}" for line in lines.tolist())
        self._many(
            "lines (hash, site, clusters) VALUES (?, ?, 1)", zip(lines.tolist(), sites, strict=True)
        )

    def _many(self, into: str, rows: Any) -> None:
        self.store.db.conn.executemany(f"INSERT INTO {into}", rows)


def _by_article(store: Store, table: str) -> dict[int, list[dict[str, Any]]]:
    found: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in store.rows(f"SELECT article_id, {NOTES[table]} FROM {table}"):
        note = dict(row)
        found[note.pop("article_id")].append(note)
    return found
