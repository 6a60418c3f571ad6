"""Imports of the same files in several orders: in one pass, in two, and on workers."""

import random
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tests.commands.imports.test_pages import write
from tests.support.rabbitmq import rabbitmq
from tests.support.site_server import write_page

from bench.cluster.commands import IMPORTS
from bench.cluster.shells import list_copies, make_pages
from bench.measure import MAIN, OTHER, print_table
from shopwire.storage.database import Store

FILES = 12
SITES = 12
COPIES = """
SELECT one.url AS one, other.url AS other FROM articles AS one
JOIN articles AS other ON other.canonical_id = one.canonical_id AND other.id < one.id
"""
FRONTS = """
SELECT articles.url AS url, front.url AS front FROM articles
JOIN articles AS front ON front.id = articles.canonical_id
"""
OTHERS = ("other pairs than in the first order", "other fronts")


class Copies(NamedTuple):
    """The pairs of addresses that are in one group, and each address with the front of its group."""

    pairs: set[frozenset[str]]
    fronts: set[tuple[str, str]]


def write_files(folder: Path, pages: int) -> list[Path]:
    """Write WARC files with pages of several sites: each fifth is an edited repost of the one before, and
    each site has lines that it repeats."""
    made = []
    for number in range(pages):
        host = f"site{number % SITES}.example"
        page = write_page("bench", number - number % 5 // 4)
        if number % 5 == 4:
            page = page.replace(" was counted.</p>", " was counted twice.</p>", 2)
        frame = "".join(f"<p>{line} of {host} for our readers.</p>" for line in ("News", "Letters", "More"))
        body = page.replace("</article>", f"{frame}</article>").encode()
        made.append((f"https://{host}/news/{number}-report", body))
    return pack_files(folder, made)


def pack_files(folder: Path, pages: Sequence[tuple[str, bytes]]) -> list[Path]:
    """Write WARC files with pages, in an order that is always the same."""
    made = [(url, "200 OK", "text/html; charset=utf-8", body) for url, body in pages]
    random.Random(20).shuffle(made)
    files = [folder / f"{number:02}.warc.gz" for number in range(FILES)]
    for number, file in enumerate(files):
        write(file, *made[number::FILES])
    return files


def write_shells(folder: Path, pages: int) -> tuple[list[Path], set[frozenset[str]]]:
    """Write WARC files with pages in the shells of real ones; return the files, and the pairs of copies."""
    made = make_pages(pages)
    return pack_files(folder, [(page.url, page.body) for page in made]), list_copies(made)


def measure_passes(pages: int = 720, orders: int = 3) -> None:
    """Print what one pass, two, and two on workers find of the copies among pages in real shells, for some
    orders of the files, and what they cost."""
    with tempfile.TemporaryDirectory() as name, rabbitmq(Path(name) / "rabbitmq") as broker:
        folder = Path(name)
        files, copies = write_shells(folder, pages)
        rows = []
        for label, import_files in IMPORTS.items():
            found, watched = [], []
            for order in range(orders):
                random.Random(order).shuffle(files)
                home = folder / f"{label} {order}"
                watched.append(import_files(files, home, broker))
                found.append(read_copies(home / "shopwire.db"))
            rows.append(
                (
                    label,
                    " ".join(f"{len(copies & one.pairs)}" for one in found),
                    " ".join(f"{len(one.pairs - copies)}" for one in found),
                    " ".join(f"{len(found[0].pairs ^ one.pairs)}" for one in found[1:]),
                    " ".join(f"{len(found[0].fronts ^ one.fronts)}" for one in found[1:]),
                    f"{1000 * median(one.cpu_seconds() for one in watched) / pages:.1f}",
                    f"{median(max(one.peak_mb(MAIN), one.peak_mb(OTHER)) for one in watched):.0f}",
                )
            )
        heads = ("imported", f"copies found of {len(copies)}", "wrong ones", *OTHERS)
        print_table((*heads, "CPU ms a page", "peak MB of the largest process but those that extract"), rows)


def read_copies(path: Path) -> Copies:
    """Return what a store has of copies."""
    with Store(path) as store:
        pairs = {frozenset((row["one"], row["other"])) for row in store.rows(COPIES)}
        return Copies(pairs, {(row["url"], row["front"]) for row in store.rows(FRONTS)})
