"""What workers cost beside one machine, for an extraction and for a whole import: the start of the processes
apart from what each page costs."""

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tests.support.rabbitmq import rabbitmq

from bench.cluster.batch import FILES, pack_files
from bench.cluster.commands import EXTRACTIONS, IMPORTS, Run
from bench.measure import WORKER, print_table, spread
from bench.memory import Rewriter

HEADS = ("", "CPU s", "extracting", "besides", "besides, over the first", "CPU s with a page a file")


class Used(NamedTuple):
    """CPU seconds of the processes that extract and analyze pages, and of all others but the broker."""

    extracting: float
    besides: float

    @property
    def all(self) -> float:
        """CPU seconds of both."""
        return self.extracting + self.besides


def write_rewritten(folder: Path, pages: int) -> list[Path]:
    """Write WARC files with real pages in other words, those of one real page as a site."""
    folder.mkdir()
    rewriter = Rewriter()
    made = (rewriter.build_page(number) for number in range(pages))
    sites = len(rewriter.pages)
    return pack_files(
        folder, [(f"https://site{n % sites}.example/news/{n}-report", body) for n, body in enumerate(made)]
    )


def measure_extraction(pages: int = 2_000, turns: int = 3) -> None:
    """Print the CPU seconds of all processes but the broker that extract the same files, two at once."""
    measure(EXTRACTIONS, pages, turns)


def measure_import(pages: int = 2_000, turns: int = 1) -> None:
    """Print the CPU seconds of all processes but the broker that import the same files."""
    # The first one is what the others are compared with.
    measure(dict(sorted(IMPORTS.items(), key=lambda one: one[0] != "in two passes")), pages, turns)


def measure(runs: Mapping[str, Run], pages: int, turns: int) -> None:
    """Print what each command used for the files, and how much of it for files of one page each.

    Extracting is the same work in all of them, and its CPU seconds change with what else the machine does;
    so what a command costs more is told by the other processes.
    """
    used: dict[str, list[Used]] = {label: [] for label in runs}
    begun: dict[str, list[float]] = {label: [] for label in runs}
    with tempfile.TemporaryDirectory() as name, rabbitmq(Path(name) / "rabbitmq") as broker:
        many = write_rewritten(Path(name) / "many", pages)
        few = write_rewritten(Path(name) / "few", FILES)
        for turn in range(turns):
            for label, run in runs.items():
                home = Path(name) / f"{label} {turn}"
                begun[label].append(run(few, home / "few", broker).cpu_seconds())
                seen = run(many, home / "many", broker)
                one = Used(seen.cpu_seconds(WORKER), seen.cpu_seconds() - seen.cpu_seconds(WORKER))
                used[label].append(one)
                said = f"{begun[label][-1]:.1f}, {one.extracting:.1f} and {one.besides:.1f} CPU s"
                print(f"turn {turn + 1}, {label}: {said}", file=sys.stderr, flush=True)
    first = used[next(iter(runs))]
    more = {
        label: [
            (one.besides - other.besides) / other.all for one, other in zip(used[label], first, strict=True)
        ]
        for label in runs
    }
    rows = (
        (
            label,
            spread([one.all for one in used[label]]),
            spread([one.extracting for one in used[label]]),
            spread([one.besides for one in used[label]]),
            f"{median(more[label]):+.1%} of all",
            spread(begun[label]),
        )
        for label in runs
    )
    print_table(HEADS, rows)
