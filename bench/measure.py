"""What several benchmarks need: a process measured from outside, a table printed."""

import os
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple


class Cost(NamedTuple):
    """What one process took, its waited-for children included."""

    wall_seconds: float
    cpu_seconds: float
    peak_mb: float


def measure(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> Cost:
    """Run a command to its end. Raises `RuntimeError` with what it said when it fails.

    The peak is that of the largest single process, as the operating system counts it.
    """
    log = folder / "bench.log"
    began = time.monotonic()
    with log.open("wb") as file:
        process = subprocess.Popen(command, env=dict(environment), stdout=file, stderr=file)
        _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}:\n{log.read_text()[-3000:]}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def spread(values: Sequence[float]) -> str:
    """Median, with the smallest and the largest."""
    return f"{median(values):.2f} ({min(values):.2f}-{max(values):.2f})"


def print_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A Markdown table, each row as soon as it is there."""
    print("| " + " | ".join(headings) + " |")
    print("|" + "---|" * len(headings))
    for row in rows:
        print("| " + " | ".join(map(str, row)) + " |", flush=True)
