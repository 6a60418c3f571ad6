"""Score deduplication on labelled sets.

    python -m bench.duplicates [FOLDER ...]

A set is a folder with `articles.jsonl` (the input of `shopwire import`) and `pairs.jsonl` ({"a", "b",
"relation"}: two URLs, and duplicate | contains | translation | event | different). The default is the
sets in `../shared/data/duplicates`. Each is imported into an empty store, as `shopwire import` does it,
once in its own order and once shuffled.
"""

import json
import random
import sys
import tempfile
import time
from collections import defaultdict
from itertools import combinations
from pathlib import Path

from bench.measure import print_table
from shopwire.commands.imports.article_lines import read_article
from shopwire.commands.imports.articles import import_article
from shopwire.pipelines.sweep_boilerplate import sweep_boilerplate
from shopwire.storage.database import Store
from shopwire.storage.timestamps import format_now

SHARED = Path(__file__).parent.parent.parent / "shared/data/duplicates"

Pairs = set[frozenset[str]]


def store_line(store: Store, line: bytes) -> None:
    """Import the article of a line."""
    import_article(store, read_article(line, format_now()), len(line))


def import_set(folder: Path, seed: int | None = None) -> tuple[Pairs, set[tuple[str, str]], float]:
    """Import a set, shuffled if there is a seed.

    Returns the pairs of duplicates, the (containing, contained) URLs, and CPU milliseconds an article.
    """
    lines = (folder / "articles.jsonl").read_bytes().splitlines()
    if seed is not None:
        random.Random(seed).shuffle(lines)
    with tempfile.TemporaryDirectory() as home, Store(Path(home) / "shopwire.db") as store:
        store_line(store, lines[0])
        started = time.process_time()
        for line in lines[1:]:
            store_line(store, line)
        spent = (time.process_time() - started) / max(1, len(lines) - 1) * 1_000
        for site in store.rows("SELECT name FROM sources"):
            sweep_boilerplate(store, site["name"])
        groups = defaultdict(list)
        for url, canonical in store.rows("SELECT url, canonical_id FROM articles"):
            groups[canonical].append(url)
        contained = store.rows(
            "SELECT holder.url, held.url FROM copies JOIN articles AS holder ON holder.id = article_id "
            "JOIN articles AS held ON held.id = of_id WHERE kind = 'contains'"
        )
        pairs = {frozenset(pair) for group in groups.values() for pair in combinations(group, 2)}
        return pairs, {tuple(row) for row in contained}, spent


def score_set(folder: Path) -> dict[str, object]:
    """Return the table row of a set."""
    labels: dict[str, Pairs] = defaultdict(set)
    round_ups = set()
    for line in (folder / "pairs.jsonl").read_text(encoding="utf-8").splitlines():
        pair = json.loads(line)
        labels[pair["relation"]].add(frozenset((pair["a"], pair["b"])))
        if pair["relation"] == "contains":
            round_ups.add((pair["a"], pair["b"]))
    found, contained, spent = import_set(folder)
    shuffled, _, _ = import_set(folder, seed=1)
    wanted = labels["duplicate"]
    return {
        "set": folder.name,
        "found": f"{len(wanted & found)}/{len(wanted)}",
        "different": f"{len(labels['different'] & found)}/{len(labels['different'])}",
        "same event": f"{len(labels['event'] & found)}/{len(labels['event'])}",
        "round-ups": f"{len(round_ups & contained)}/{len(round_ups)}",
        "round-ups as duplicates": len(labels["contains"] & found),
        "changed by order": f"{len(found ^ shuffled) / max(1, len(found | shuffled)):.1%}",
        "ms an article": f"{spent:.1f}",
    }


def main() -> None:
    """Score the sets and print a table."""
    folders = [Path(name) for name in sys.argv[1:]] or sorted(SHARED.glob("*/"))
    if not folders:
        sys.exit(f"no labelled sets in {SHARED}: name their folders")
    rows = []
    for folder in folders:
        rows.append(score_set(folder))
        print(json.dumps(rows[-1]), file=sys.stderr)
    print_table(tuple(rows[0]), [tuple(row.values()) for row in rows])


if __name__ == "__main__":
    main()
