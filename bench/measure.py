"""Measure the CPU time and memory of a command's processes from /proc (Linux), and print tables."""

import os
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1024 / 1024
# Fields of /proc/PID/stat, counted from the one after the name of the process.
PARENT, USER, SYSTEM, RESIDENT = 1, 11, 12, 21
EVERY = 0.25
# Workers are forked from a server that the main process starts.
MAIN, SERVER, WORKER, OTHER = "main", "fork server", "workers", "other"


@dataclass
class Process:
    """One process: its role, CPU seconds so far, and samples with the seconds since the start: megabytes, and
    CPU seconds."""

    role: str
    cpu_seconds: float = 0.0
    memory: list[tuple[float, float]] = field(default_factory=list)
    cpu: list[tuple[float, float]] = field(default_factory=list)


@dataclass
class Watched:
    """The cost of one command: seconds on the clock, and each of its processes by process id."""

    wall_seconds: float
    processes: Mapping[int, Process]

    def cpu_seconds(self, *roles: str) -> float:
        """Return the CPU seconds of the processes with these roles, of all if none is given."""
        return sum(one.cpu_seconds for one in self.list_processes(*roles))

    def list_processes(self, *roles: str) -> list[Process]:
        """Return the processes with these roles, all if none is given."""
        return [one for one in self.processes.values() if not roles or one.role in roles]

    def peak_mb(self, role: str = MAIN) -> float:
        """Return the largest number of megabytes that one process of this role held."""
        sizes = (
            megabytes
            for process in self.processes.values()
            if process.role == role
            for _, megabytes in process.memory
        )
        return max(sizes, default=0.0)


def watch(
    command: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    cwd: Path | None = None,
    every: float = EVERY,
    codes: Sequence[int] = (0,),
) -> Watched:
    """Run a command to its end and sample its processes every `every` seconds.

    Its output goes to `bench.log` in `folder`. CPU time used after the last sample is not counted.
    Raises `RuntimeError` with the end of that output if the exit code is none of `codes`.
    """
    log = folder / "bench.log"
    processes: dict[int, Process] = {}
    began = time.monotonic()
    with log.open("wb") as file:
        running = subprocess.Popen(command, env=dict(environment), stdout=file, stderr=file, cwd=cwd)
        while running.poll() is None:
            _sample(running.pid, processes, time.monotonic() - began)
            time.sleep(every)
    if running.returncode not in codes:
        output = log.read_text(errors="replace")[-3000:]
        raise RuntimeError(f"{command} ended with {running.returncode}:\n{output}")
    return Watched(time.monotonic() - began, processes)


def list_family(root: int) -> list[int]:
    """Return the ids of a process and its descendants, parents first."""
    return _find_family(root, dict(_read_stats()))


def spread(values: Sequence[float]) -> str:
    """Return the median with the smallest and the largest value: `2.00 (1.00-3.00)`."""
    return f"{median(values):.2f} ({min(values):.2f}-{max(values):.2f})"


def print_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a Markdown table, each row as soon as it is computed."""
    print("| " + " | ".join(headings) + " |")
    print("|" + "---|" * len(headings))
    for row in rows:
        print("| " + " | ".join(map(str, row)) + " |", flush=True)


def _sample(root: int, processes: dict[int, Process], moment: float) -> None:
    stats = dict(_read_stats())
    for pid in _find_family(root, stats):
        stat = stats[pid]
        role = _find_role(pid, int(stat[PARENT]), root, processes)
        process = processes.setdefault(pid, Process(role))
        process.cpu_seconds = (int(stat[USER]) + int(stat[SYSTEM])) / TICKS
        process.memory.append((round(moment, 2), int(stat[RESIDENT]) * PAGE_MB))
        process.cpu.append((round(moment, 2), process.cpu_seconds))


def _read_stats() -> Iterator[tuple[int, list[str]]]:
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            try:
                stat = (folder / "stat").read_text(errors="replace")
            except (FileNotFoundError, ProcessLookupError):
                continue
            yield int(folder.name), stat.rpartition(")")[2].split()


def _find_family(root: int, stats: Mapping[int, list[str]]) -> list[int]:
    """Return the process `root` and its descendants, parents first."""
    family = [root] if root in stats else []
    for parent in family:
        family += [pid for pid, stat in stats.items() if int(stat[PARENT]) == parent]
    return family


def _find_role(pid: int, parent: int, root: int, processes: Mapping[int, Process]) -> str:
    if pid == root:
        return MAIN
    if parent in processes and processes[parent].role == SERVER:
        return WORKER
    try:
        command = (PROC / str(pid) / "cmdline").read_text(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return OTHER
    return SERVER if "forkserver" in command else OTHER
