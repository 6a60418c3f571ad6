"""Extractions by workers against the pool of one machine, and imports of the same files in several orders."""

import os
import random
import sys
import tempfile
from pathlib import Path
from statistics import median

from tests.commands.imports.test_pages import write
from tests.support.rabbitmq import rabbitmq
from tests.support.site_server import write_page

from bench.measure import print_table, watch
from shopwire.pipelines.batch.parts import FOLDER
from shopwire.storage.database import Store

FILES = 12
SITES = 12
FRONTS = """
SELECT articles.url, front.url FROM articles JOIN articles AS front ON front.id = articles.canonical_id
ORDER BY articles.url
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
        made.append((f"https://{host}/news/{number}-report", "200 OK", "text/html; charset=utf-8", body))
    random.Random(20).shuffle(made)
    files = [folder / f"{number:02}.warc.gz" for number in range(FILES)]
    for number, file in enumerate(files):
        write(file, *made[number::FILES])
    return files


def measure_overhead(pages: int = 2_000) -> None:
    """Print the CPU seconds of all processes that extract the same files, by the pool and by two workers."""
    with tempfile.TemporaryDirectory() as name, rabbitmq(Path(name) / "rabbitmq") as broker:
        folder = Path(name)
        files = [str(file) for file in write_files(folder, pages)]
        environment = {
            **os.environ,
            "SHOPWIRE_HOME": name,
            "SHOPWIRE_CLUSTER_DIR": name,
            "SHOPWIRE_BROKER": broker.url,
        }
        rows = []
        for label, code in (("the pool of one machine", EXTRACT_HERE), ("two workers", EXTRACT_ON_WORKERS)):
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
words = ["-m", "shopwire.commands", "cluster", "work", "--crawls", "0", "--refines", "1", "--name"]
workers = [subprocess.Popen([sys.executable, *words, name]) for name in ("one", "two")]
refine_on_workers(sys.argv[1:], sys.exit)
for worker in workers:
    worker.terminate()
    worker.wait()
"""


def measure_shuffles(pages: int = 720) -> None:
    """Print how many articles have another front of their group in three orders of the files."""
    with tempfile.TemporaryDirectory() as name:
        files = write_files(Path(name), pages)
        rows = []
        for label, options in (("one", []), ("two", ["--two-pass"])):
            fronts, seconds = [], []
            for order in range(3):
                random.Random(order).shuffle(files)
                home = Path(name) / f"{label}{order}"
                environment = {**os.environ, "SHOPWIRE_HOME": str(home)}
                words = ["-m", "shopwire.commands", "import", *options, *map(str, files)]
                seconds.append(watch([sys.executable, *words], environment, Path(name)).cpu_seconds())
                with Store(home / "shopwire.db") as store:
                    fronts.append({tuple(row) for row in store.rows(FRONTS)})
            differ = [len(fronts[0] - other) for other in fronts[1:]]
            copies = [sum(url != front for url, front in one) for one in fronts]
            each = 1000 * median(seconds) / pages
            rows.append((label, str(len(fronts[0])), str(copies), str(differ), f"{each:.1f}"))
        print_table(
            ("passes", "articles", "copies in each order", "other fronts than in the first", "ms a page"),
            rows,
        )
