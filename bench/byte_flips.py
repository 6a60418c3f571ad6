"""Change one byte of a store, again and again: `python -m bench.byte_flips [TRIALS]`.

Half of the trials change a byte of the text of an article, the others any byte of the file. Each time, what a
reader gets is compared with what was stored, and `shopwire check` is run on the copy. Prints
for both how many changes were named by the check, made the store unreadable, or changed nothing that a reader
sees, and exits with 1 if another one reached a reader.
"""

import os
import random
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.faults.killed_writer import write_pages

from shopwire.storage.database import Store
from shopwire.storage.errors import StoreError
from shopwire.storage.maintenance.check import find_problems

TRIALS, PAGES = 240, 60
EXPORTED = "SELECT * FROM articles ORDER BY id"


def build_store(home: Path) -> bytes:
    """Store pages; return the file."""
    with Path(os.devnull).open("wb") as sink:
        write_pages(home, 1, sink.fileno(), PAGES)
    with Store(home / "shopwire.db") as store:
        store.row("PRAGMA wal_checkpoint(TRUNCATE)")
    return (home / "shopwire.db").read_bytes()


def list_text_places(home: Path, data: bytes) -> Sequence[int]:
    """Return where the file has bytes of texts: 20 of the first bytes of each article. Articles of which
    SQLite has left a copy in unused space are passed over."""
    with Store(home / "shopwire.db") as store:
        heads = [str(row["text"])[:80].encode() for row in store.rows("SELECT text FROM articles")]
    starts = [data.find(head) for head in heads if data.count(head) == 1]
    return [start + offset for start in starts for offset in range(0, 80, 4)]


def judge_change(home: Path, archive: Path, whole: list[tuple[object, ...]]) -> str:
    """Return what became of a change: it was refused, named, without effect, or handed out silently."""
    try:
        with Store(home / "shopwire.db") as store:
            problems = list(find_problems(store, archive))
            found = [tuple(row) for row in store.rows(EXPORTED)]
    except (StoreError, sqlite3.DatabaseError):
        return "refused"
    if problems:
        return "named"
    return "no effect" if found == whole else "silent"


def main() -> int:
    """Change bytes, print, and return the exit code."""
    trials = int(sys.argv[1]) if len(sys.argv) > 1 else TRIALS
    dice = random.Random(1)
    counts = {"in texts": Counter[str](), "anywhere": Counter[str]()}
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        data = build_store(home)
        texts = list_text_places(home, data)
        with Store(home / "shopwire.db") as store:
            whole = [tuple(row) for row in store.rows(EXPORTED)]
        for trial in range(trials):
            where = "in texts" if trial % 2 else "anywhere"
            at = dice.choice(texts) if trial % 2 else dice.randrange(len(data))
            changed = bytearray(data)
            changed[at] ^= 1 << dice.randrange(8)
            with tempfile.TemporaryDirectory() as copy:
                (Path(copy) / "shopwire.db").write_bytes(changed)
                counts[where][judge_change(Path(copy), home, whole)] += 1
    for where, found in counts.items():
        print(f"{found.total()} changes {where}: {dict(found.most_common())}")
    return int(any(found["silent"] for found in counts.values()))


if __name__ == "__main__":
    sys.exit(main())
