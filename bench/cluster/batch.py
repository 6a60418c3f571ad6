"""Extractions by workers against the pool of one machine, and imports of the same files in several orders."""

import os
import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from tests.commands.imports.test_pages import write
from tests.support.rabbitmq import rabbitmq
from tests.support.site_server import write_page

from bench.cluster.shells import list_copies, make_pages
from bench.measure import print_table, watch
from shopwire.pipelines.batch.parts import FOLDER
from shopwire.storage.database import Store

FILES = 12
SITES = 12
COPIES = """
SELECT one.url AS one, other.url AS other FROM articles AS one
JOIN articles AS other ON other.canonical_id = one.canonical_id AND other.id < one.id
"""


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


def measure_overhead(pages: int = 2_000) -> None:
    """Print the CPU seconds of all processes that extract the same files, two at once: by the pool of one
    machine, by one worker and by two."""
    with tempfile.TemporaryDirectory() as name, rabbitmq(Path(name) / "rabbitmq") as broker:
        folder = Path(name)
        files = [str(file) for file in write_shells(folder, pages)[0]]
        environment = {
            **os.environ,
            "SHOPWIRE_HOME": name,
            "SHOPWIRE_CLUSTER_DIR": name,
            "SHOPWIRE_BROKER": broker.url,
        }
        rows = []
        for label, code in (
            ("the pool of one machine", EXTRACT_HERE),
            ("one worker", EXTRACT_ON_WORKERS.format(names=("one",), at_once=2)),
            ("two workers", EXTRACT_ON_WORKERS.format(names=("one", "two"), at_once=1)),
        ):
            for part in (folder / FOLDER).glob("*"):
                part.unlink()
            seconds = watch([sys.executable, "-c", code, *files], environment, folder).cpu_seconds()
            rows.append((label, f"{seconds:.1f}", f"{1000 * seconds / pages:.1f}"))
        print_table(("extracted by", "CPU s", "ms a page"), rows)


EXTRACT_HERE = """
import sys
from pathlib import Path
from shopwire.pipelines.batch.parts import FOLDER, extract_file, name_part
from shopwire.pipelines.worker_pool import WorkerPool
if __name__ == "__main__":
    files = [Path(name) for name in sys.argv[1:]]
    folder = files[0].parent / FOLDER
    folder.mkdir(exist_ok=True)
    with WorkerPool(processes=2) as workers:
        for file in files:
            with file.open("rb") as opened:
                extract_file(opened, file.name, folder / name_part(file), workers)
"""
EXTRACT_ON_WORKERS = """
import subprocess, sys
from shopwire.commands.cluster.refine import refine_on_workers
words = ["-m", "shopwire.commands", "cluster", "work", "--crawls", "0", "--refines", "{at_once}", "--name"]
workers = [subprocess.Popen([sys.executable, *words, name]) for name in {names}]
refine_on_workers(sys.argv[1:], sys.exit)
for worker in workers:
    worker.terminate()
    worker.wait()
"""


def measure_passes(pages: int = 720, orders: int = 3) -> None:
    """Print what one pass and two find of the copies among pages in real shells, for some orders of the
    files, and what they cost."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files, copies = write_shells(folder, pages)
        rows = []
        for label, options in (("one", []), ("two", ["--two-pass"])):
            found, watched = [], []
            for order in range(orders):
                random.Random(order).shuffle(files)
                words = ["-m", "shopwire.commands", "import", *options, *map(str, files)]
                environment = {**os.environ, "SHOPWIRE_HOME": str(folder / f"{label}{order}")}
                watched.append(watch([sys.executable, *words], environment, folder))
                found.append(read_copies(folder / f"{label}{order}/shopwire.db"))
            rows.append(
                (
                    label,
                    " ".join(f"{len(copies & one)}" for one in found),
                    " ".join(f"{len(one - copies)}" for one in found),
                    " ".join(f"{len(found[0] ^ one)}" for one in found[1:]),
                    f"{1000 * median(one.cpu_seconds() for one in watched) / pages:.1f}",
                    f"{median(one.peak_mb() for one in watched):.0f}",
                )
            )
        heads = (
            "passes",
            f"copies found of {len(copies)}",
            "wrong ones",
            "other pairs than in the first order",
        )
        print_table((*heads, "CPU ms a page", "peak MB of the main process"), rows)


def read_copies(path: Path) -> set[frozenset[str]]:
    """Return the pairs of addresses that are in one group."""
    with Store(path) as store:
        return {frozenset((row["one"], row["other"])) for row in store.rows(COPIES)}
