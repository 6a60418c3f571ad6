"""What each process of a command costs while it runs, read from /proc (Linux): CPU time and memory."""

import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1024 / 1024
# Fields of /proc/PID/stat, counted from the one behind the name of the process.
PARENT, USER, SYSTEM, RESIDENT = 1, 11, 12, 21
EVERY = 0.25
# Workers are forked from a server that the main process starts.
MAIN, SERVER, WORKER, OTHER = "main", "fork server", "workers", "other"


@dataclass
class Process:
    """One process: its part in the command, CPU seconds so far, and megabytes each time it was looked at."""

    role: str
    cpu_seconds: float = 0.0
    memory: list[tuple[float, float]] = field(default_factory=list)


@dataclass
class Watched:
    """What a command took: seconds on the clock, and each of its processes by its number."""

    wall_seconds: float
    processes: Mapping[int, Process]

    def cpu_seconds(self, *roles: str) -> float:
        """CPU seconds of the processes of these roles, of all where none is named."""
        chosen = (one for one in self.processes.values() if not roles or one.role in roles)
        return sum(one.cpu_seconds for one in chosen)

    def peak_mb(self, role: str = MAIN) -> float:
        """The most megabytes that one process of this role held."""
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
) -> Watched:
    """Run a command to its end, looking at its processes every so many seconds; `folder` is for what
    it says.

    What a process does after the last look is not counted. Raises `RuntimeError` with what the
    command said when it fails.
    """
    log = folder / "bench.log"
    processes: dict[int, Process] = {}
    began = time.monotonic()
    with log.open("wb") as file:
        running = subprocess.Popen(
            command, env=dict(environment), stdout=file, stderr=file, cwd=cwd
        )
        while running.poll() is None:
            _look(running.pid, processes, time.monotonic() - began)
            time.sleep(every)
    if running.returncode:
        said = log.read_text(errors="replace")[-3000:]
        raise RuntimeError(f"{command} ended with {running.returncode}:\n{said}")
    return Watched(time.monotonic() - began, processes)


def _look(root: int, processes: dict[int, Process], moment: float) -> None:
    stats = dict(_stats())
    for pid in _family(root, stats):
        stat = stats[pid]
        role = _role(pid, int(stat[PARENT]), root, processes)
        process = processes.setdefault(pid, Process(role))
        process.cpu_seconds = (int(stat[USER]) + int(stat[SYSTEM])) / TICKS
        process.memory.append((round(moment, 2), int(stat[RESIDENT]) * PAGE_MB))


def _stats() -> Iterator[tuple[int, list[str]]]:
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            try:
                stat = (folder / "stat").read_text(errors="replace")
            except (FileNotFoundError, ProcessLookupError):
                continue
            yield int(folder.name), stat.rpartition(")")[2].split()


def _family(root: int, stats: Mapping[int, list[str]]) -> list[int]:
    """The process `root` and all that descend from it, parents first."""
    family = [root] if root in stats else []
    for parent in family:
        family += [pid for pid, stat in stats.items() if int(stat[PARENT]) == parent]
    return family


def _role(pid: int, parent: int, root: int, processes: Mapping[int, Process]) -> str:
    if pid == root:
        return MAIN
    if parent in processes and processes[parent].role == SERVER:
        return WORKER
    try:
        command = (PROC / str(pid) / "cmdline").read_text(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return OTHER
    return SERVER if "forkserver" in command else OTHER
