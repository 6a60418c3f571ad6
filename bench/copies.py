"""How well copies are found: imports labelled sets and counts what was grouped.

    python -m bench.copies [SET_DIR ...]

A set is a folder with articles.jsonl (what `shopwire import` takes) and pairs.jsonl ({"a", "b",
"relation"}: URLs, and duplicate | contains | translation | event | different). Without arguments,
those in ../shared/data/duplicates are taken, if they are there. Each is imported into an empty store,
as `shopwire import` does it, in its own order and shuffled.
"""

import json
import random
import sys
import tempfile
import time
from collections import defaultdict
from itertools import combinations
from pathlib import Path

from shopwire.commands.imports.articles import import_article, read_article
from shopwire.pipelines.sweep_boilerplate import sweep
from shopwire.storage.crawl_log.ledger import now
from shopwire.storage.database import Store

SHARED = Path(__file__).parent.parent.parent / "shared/data/duplicates"

Pairs = set[frozenset[str]]


def take(store: Store, line: bytes) -> None:
    """Store the article of a line."""
    import_article(store, read_article(line, now()), len(line))


def load(folder: Path, shuffle: int | None = None) -> tuple[Pairs, set[tuple[str, str]], float]:
    """Import a set; gives the pairs of copies, who contains whom, and CPU milliseconds an article."""
    lines = (folder / "articles.jsonl").read_bytes().splitlines()
    if shuffle is not None:
        random.Random(shuffle).shuffle(lines)
    with tempfile.TemporaryDirectory() as home, Store(Path(home) / "shopwire.db") as store:
        take(store, lines[0])
        started = time.process_time()
        for line in lines[1:]:
            take(store, line)
        spent = (time.process_time() - started) / max(1, len(lines) - 1) * 1_000
        for site in store.rows("SELECT name FROM sources"):
            sweep(store, site["name"])
        groups = defaultdict(list)
        for url, canonical in store.rows("SELECT url, canonical_id FROM articles"):
            groups[canonical].append(url)
        holds = store.rows(
            "SELECT holder.url, held.url FROM copies JOIN articles AS holder ON holder.id = article_id "
            "JOIN articles AS held ON held.id = of_id WHERE kind = 'contains'"
        )
        pairs = {frozenset(pair) for group in groups.values() for pair in combinations(group, 2)}
        return pairs, {tuple(row) for row in holds}, spent


def measure(folder: Path) -> dict[str, object]:
    """One row of the table for one set."""
    labels: dict[str, Pairs] = defaultdict(set)
    items = set()
    for line in (folder / "pairs.jsonl").read_text(encoding="utf-8").splitlines():
        said = json.loads(line)
        labels[said["relation"]].add(frozenset((said["a"], said["b"])))
        if said["relation"] == "contains":
            items.add((said["a"], said["b"]))
    found, holds, spent = load(folder)
    again, _, _ = load(folder, shuffle=1)
    wanted = labels["duplicate"]
    figures: dict[str, object] = {
        "set": folder.name,
        "found": f"{len(wanted & found)}/{len(wanted)}",
        "other form": f"{len(labels['different'] & found)}/{len(labels['different'])}",
        "same event": f"{len(labels['event'] & found)}/{len(labels['event'])}",
        "round-ups": f"{len(items & holds)}/{len(items)}",
        "taken for copies": len(labels["contains"] & found),
        "moved by order": f"{len(found ^ again) / max(1, len(found | again)):.1%}",
        "ms": f"{spent:.1f}",
    }
    return figures


def main() -> None:
    folders = [Path(name) for name in sys.argv[1:]] or sorted(SHARED.glob("*/"))
    if not folders:
        sys.exit(f"no sets given, and none in {SHARED}")
    rows = []
    for folder in folders:
        rows.append(measure(folder))
        print(json.dumps(rows[-1]), file=sys.stderr)
    print("| " + " | ".join(rows[0]) + " |")
    print("|" + "---|" * len(rows[0]))
    for row in rows:
        print("| " + " | ".join(map(str, row.values())) + " |")


if __name__ == "__main__":
    main()
