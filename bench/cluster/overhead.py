"""What workers cost beside one machine, for an extraction and for a whole import: the start of the processes
apart from what each page costs."""

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from tests.support.rabbitmq import rabbitmq

from bench.cluster.batch import FILES, pack_files
from bench.cluster.commands import EXTRACTIONS, IMPORTS, Run
from bench.measure import print_table, spread
from bench.memory import Rewriter

HEADS = ("", "CPU s", "over the first", "CPU s with a page a file", "ms for each page more", "over the first")


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
    """Print what each command used for the files, and for files of one page each."""
    used: dict[str, list[float]] = {label: [] for label in runs}
    begun: dict[str, list[float]] = {label: [] for label in runs}
    with tempfile.TemporaryDirectory() as name, rabbitmq(Path(name) / "rabbitmq") as broker:
        many = write_rewritten(Path(name) / "many", pages)
        few = write_rewritten(Path(name) / "few", FILES)
        for turn in range(turns):
            for label, run in runs.items():
                home = Path(name) / f"{label} {turn}"
                begun[label].append(run(few, home / "few", broker).cpu_seconds())
                used[label].append(run(many, home / "many", broker).cpu_seconds())
                said = f"{begun[label][-1]:.1f} and {used[label][-1]:.1f} CPU s"
                print(f"turn {turn + 1}, {label}: {said}", file=sys.stderr, flush=True)
    each = {label: (median(used[label]) - median(begun[label])) / (pages - FILES) for label in runs}
    first = next(iter(runs))
    rows = (
        (
            label,
            spread(used[label]),
            f"{median(used[label]) / median(used[first]) - 1:+.1%}",
            spread(begun[label]),
            f"{1000 * each[label]:.1f}",
            f"{each[label] / each[first] - 1:+.1%}",
        )
        for label in runs
    )
    print_table(HEADS, rows)
