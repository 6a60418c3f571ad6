"""Prints hits that a search finds only by the other names of a word, for a person to judge.

`python -m bench.widening --hits 200 STORE` takes the names of the gazetteer in random order; for each it
searches for one way to write it, and prints one random hit that the words as typed would not find: what was
typed, the name that stands in the article, and the text around it. A hit is right if it is about what was
typed. Without `STORE` the labelled articles and the sample articles of the tests are searched.
"""

import argparse
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from tests.support import sample_store

from shopwire.commands.imports.articles import import_article, read_article
from shopwire.storage.database import Store
from shopwire.storage.search.full_text import search
from shopwire.storage.search.query_terms import find_other_names
from shopwire.storage.search.snippets import build_snippet
from shopwire.storage.text.gazetteer import COMMON, read_gazetteer

FIELD = Path(__file__).parents[1] / "tests/field/articles.jsonl"
FETCHED = "2026-11-22T08:00:00+00:00"
MOST = 2000


class Hit(NamedTuple):
    """An article that only another name finds."""

    typed: str
    found_by: str
    title: str
    snippet: str


def list_widened(store: Store, chance: random.Random) -> Iterator[Hit]:
    """Yield one hit of each name in random order, again and again until no name has another hit."""
    names = [name.removeprefix(COMMON) for one in read_gazetteer() for name in one.written]
    seen: set[tuple[str, int]] = set()
    while True:
        before = len(seen)
        for name in chance.sample(names, len(names)):
            if hit := _choose_hit(store, name, chance, seen):
                yield hit
        if len(seen) == before:
            return


def _choose_hit(store: Store, name: str, chance: random.Random, seen: set[tuple[str, int]]) -> Hit | None:
    if not find_other_names(name):
        return None
    exact = {row["id"] for row in search(store.db, f'"{name}"', MOST)}
    rows = [row for row in search(store.db, name, MOST) if row["id"] not in exact]
    fresh = [row for row in rows if (name, row["id"]) not in seen]
    if not fresh:
        return None
    row = chance.choice(fresh)
    seen.add((name, row["id"]))
    return Hit(name, _find_by(row, name), row["title"], build_snippet(row["text"], name, 160))


def _find_by(row: dict[str, Any], name: str) -> str:
    marked = build_snippet(f"{row['title']}\n{row['text']}", name, 400)
    return marked.partition("【")[2].partition("】")[0]


def fill(store: Store) -> None:
    """Store the labelled articles and the sample articles."""
    sample_store.fill(store)
    for line in FIELD.read_bytes().splitlines():
        import_article(store, read_article(line, FETCHED), len(line))


def main() -> None:
    """Print the hits as JSON lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", type=Path, nargs="?")
    parser.add_argument("--hits", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with TemporaryDirectory() as folder, Store(options.store or Path(folder) / "shopwire.db") as store:
        if options.store is None:
            fill(store)
        for number, hit in enumerate(list_widened(store, random.Random(options.seed)), start=1):
            sys.stdout.write(json.dumps({"hit": number, **hit._asdict()}, ensure_ascii=False) + "\n")
            if number == options.hits:
                return


if __name__ == "__main__":
    main()
