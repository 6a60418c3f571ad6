"""The commands that are compared: they extract WARC files or import them, with workers or without."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from tests.support.rabbitmq import Broker

from bench.measure import Watched, watch
from shopwire.pipelines.batch.parts import FOLDER

Run = Callable[[Sequence[Path], Path, Broker], Watched]
"""Runs a command over files that are in one folder, with a home and a broker."""

# Seconds between two samples of what the processes have used: the last one of each is not seen.
EVERY: Final = 0.1

EXTRACT_HERE: Final = """
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
EXTRACT_THERE: Final = """
import sys
from shopwire.commands.cluster.refine import refine_on_workers
refine_on_workers(sys.argv[1:], sys.exit)
"""
# Runs a command beside workers; the first two arguments are their names, and how many files each takes.
BESIDE_WORKERS: Final = """
import subprocess, sys
names, at_once, *command = sys.argv[1:]
words = [sys.executable, "-m", "shopwire.commands", "cluster", "work", "--crawls", "0", "--refines", at_once]
workers = [subprocess.Popen([*words, "--name", name]) for name in names.split()]
code = subprocess.call([sys.executable, *command])
for worker in workers:
    worker.terminate()
    worker.wait()
sys.exit(code)
"""
IMPORT: Final = ("-m", "shopwire.commands", "import")


def run_here(words: Sequence[str], files: Sequence[Path], home: Path, broker: Broker) -> Watched:
    """Run Python with some words and the files, and without workers."""
    folder = files[0].parent
    environment = {
        **os.environ,
        "SHOPWIRE_HOME": str(home),
        "SHOPWIRE_CLUSTER_DIR": str(folder),
        "SHOPWIRE_BROKER": broker.url,
    }
    for part in (folder / FOLDER).glob("*"):
        part.unlink()
    return watch([sys.executable, *words, *map(str, files)], environment, folder, every=EVERY)


def run_beside_workers(
    names: str, words: Sequence[str], files: Sequence[Path], home: Path, broker: Broker
) -> Watched:
    """Run Python with some words and the files beside workers of these names, two files at once in all."""
    at_once = "1" if " " in names else "2"
    return run_here(["-c", BESIDE_WORKERS, names, at_once, *words], files, home, broker)


EXTRACTIONS: Final[Mapping[str, Run]] = {
    "the pool of one machine": partial(run_here, ("-c", EXTRACT_HERE)),
    "one worker": partial(run_beside_workers, "one", ("-c", EXTRACT_THERE)),
    "two workers": partial(run_beside_workers, "one two", ("-c", EXTRACT_THERE)),
}
IMPORTS: Final[Mapping[str, Run]] = {
    "in one pass": partial(run_here, IMPORT),
    "in two passes": partial(run_here, (*IMPORT, "--two-pass")),
    "on one worker": partial(run_beside_workers, "one", (*IMPORT, "--cluster")),
    "on two workers": partial(run_beside_workers, "one two", (*IMPORT, "--cluster")),
}
