"""Disks that lose power, and disks whose n-th write fails.

`disk_shim.c` is loaded into a process that stores pages, see `killed_writer.write_pages`. What it did to its
files is recorded call by call, so that the disk can be rebuilt as a power cut at any call would leave it: a
name lasts once its folder was synced, data once its file was. Of what was not synced, nothing is left, or any
part of it.

`python -m tests.faults.disk HOME PAGES` stores pages; `python -m tests.faults.disk HOME PAGES CALL...` stores
them once for each CALL, in a copy of HOME, and lets this call fail.
"""

import ctypes
import errno
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from shopwire.storage import database
from shopwire.storage.archive import ArchiveError
from shopwire.storage.database import Store
from shopwire.storage.errors import StoreError
from shopwire.storage.maintenance.check import find_problems
from tests.faults.killed_writer import write_pages

SHIM = Path(__file__).with_name("disk_shim.c")
HEAD = struct.Struct("<cIqI")
SECTOR = 512
ROOT = Path(__file__).parents[2]
# Pages of the log after which it goes to the file, a hundredth of the usual number.
CHECKPOINT_PAGES = 40
# A disk without space, and one that is broken; the call alone fails, or all that follow too.
FAULTS = ((errno.EIO, 0), (errno.EIO, 1), (errno.ENOSPC, 0), (errno.ENOSPC, 1))


class Call(NamedTuple):
    """One call: W write, T truncate, S sync, U unlink."""

    kind: str
    path: str
    offset: int
    data: bytes


@dataclass
class Disk:
    """The files of a disk: what lasts, and the calls that may be lost."""

    lasting: dict[str, bytearray] = field(default_factory=dict)
    waiting: dict[str, list[Call]] = field(default_factory=dict)
    # Names that their folder has on the disk.
    named: set[str] = field(default_factory=set)

    def do(self, call: Call) -> None:
        """Do what a call asks for."""
        if call.kind == "S" and call.path in (*self.waiting, *self.lasting):
            content = self.lasting.setdefault(call.path, bytearray())
            for one in self.waiting.pop(call.path, []):
                _change(content, one, one.data)
            if call.path.endswith(".db"):  # SQLite does not sync the folder for it, so it lasts as by mkfs
                self.named.add(call.path)
        elif call.kind == "S":
            known = {*self.waiting, *self.lasting}
            self.named |= {path for path in known if str(Path(path).parent) == call.path}
        elif call.kind == "U":
            for files in (self.lasting, self.waiting):
                files.pop(call.path, None)
            self.named.discard(call.path)
        else:
            self.waiting.setdefault(call.path, []).append(call)

    def write_to(self, root: str, folder: Path, dice: random.Random | None) -> None:
        """Write what a power cut leaves into a folder; with `dice` also some of what was not synced."""
        for path in {*self.lasting, *self.waiting} & self.named:
            content = bytearray(self.lasting.get(path, b""))
            for call in self.waiting.get(path, []) if dice else ():
                assert dice is not None
                if dice.random() < 0.5:
                    torn = dice.randrange(0, len(call.data) + 1, SECTOR) if dice.random() < 0.3 else None
                    _change(content, call, call.data[:torn])
            target = folder / Path(path).relative_to(root)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)


def _change(content: bytearray, call: Call, data: bytes) -> None:
    if call.kind == "T":
        del content[call.offset :]
        content.extend(bytes(call.offset - len(content)))
        return
    content.extend(bytes(max(0, call.offset - len(content))))
    content[call.offset : call.offset + len(data)] = data


def build_shim(folder: Path) -> Path:
    """Return the shared library of `disk_shim.c`. Raises `OSError` without a compiler."""
    library = folder / "disk_shim.so"
    command = ["cc", "-O1", "-shared", "-fPIC", "-w", "-o", str(library), str(SHIM), "-lpthread"]
    subprocess.run(command, check=True)
    return library


def run_writer(shim: Path, home: Path, *arguments: object, log: Path | None = None) -> str:
    """Run this module with the shim; return what it printed."""
    env = {**os.environ, "LD_PRELOAD": str(shim), "DISK_ROOT": str(home), "SHOPWIRE_HOME": str(home)}
    if log is not None:
        env["DISK_LOG"] = str(log)
    command = [sys.executable, "-m", "tests.faults.disk", str(home), *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True).stdout


def read_calls(log: Path) -> Iterator[Call]:
    """Yield the recorded calls."""
    data, at = log.read_bytes(), 0
    while at < len(data):
        kind, length, offset, size = HEAD.unpack_from(data, at)
        at += HEAD.size
        path = data[at : at + length].decode()
        size = size if kind == b"W" else 0
        yield Call(kind.decode(), path, offset, data[at + length : at + length + size])
        at += length + size


def prepare_home(home: Path, pages: int) -> None:
    """Make a folder, with a store of so many pages on a disk that keeps them; empty without any."""
    home.mkdir()
    if pages:
        with Path(os.devnull).open("wb") as sink:
            write_pages(home, 0, sink.fileno(), pages)


def cut_power(shim: Path, before: int, pages: int, points: int) -> tuple[int, int, list[str]]:
    """Cut the power at so many calls, spread evenly, while pages are stored beside those from before.

    Return how many calls there were, how many articles were on the disk at the last point, and all problems.
    """
    problems = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        home = folder / "home"
        prepare_home(home, before)
        files = {str(path): bytearray(path.read_bytes()) for path in home.rglob("*") if path.is_file()}
        run_writer(shim, home, pages, log=folder / "log")
        calls = list(read_calls(folder / "log"))
        chosen = {1 + number * len(calls) // points for number in range(points)}
        disk, dice, lasting = Disk(files, named={*files}), random.Random(before), set[str]()
        for number, call in enumerate(calls, start=1):
            disk.do(call)
            for one in (None, dice) if number in chosen else ():
                with tempfile.TemporaryDirectory(dir=folder) as image:
                    disk.write_to(str(home), Path(image), one)
                    stored, found = judge(Path(image))
                found += [f"{url} was on the disk before, and is lost" for url in lasting - stored]
                problems += [f"call {number}, {'some' if one else 'nothing'} left: {it}" for it in found]
                lasting = lasting if one else stored
    return len(calls), len(lasting), problems


def judge(home: Path) -> tuple[set[str], list[str]]:
    """Return the articles of a store and what is wrong with it and its archive; nothing if there is none."""
    try:
        with Store(home / "shopwire.db") as store:
            stored = {row["url"] for row in store.rows("SELECT url FROM articles")}
            return stored, list(find_problems(store, home))
    except (StoreError, ArchiveError) as error:
        return set(), [str(error)]


def fail_writes(shim: Path, before: int, pages: int, calls: Sequence[int]) -> list[str]:
    """Let each of the calls fail in a run of its own, in all ways of `FAULTS`; return all problems."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name).resolve() / "home"
        prepare_home(home, before)
        return run_writer(shim, home, pages, *calls).splitlines()


def _write_and_fail(shim: ctypes.CDLL, home: Path, pages: int, call: int, fault: tuple[int, int]) -> set[int]:
    """Store pages in a process of its own in which a call fails; return the articles that it reported."""
    receiver, sender = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(receiver)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        shim.disk_fail(call, *fault)
        try:
            write_pages(home, 1, sender, pages)
        finally:
            os._exit(0)
    os.close(sender)
    with os.fdopen(receiver) as lines:
        reported = {int(line.split()[0]) for line in lines}
    os.waitpid(pid, 0)
    return reported


def read_articles(path: Path) -> set[int]:
    """Return the articles of a store, none if there is no store."""
    if not path.exists():
        return set()
    with Store(path) as store:
        return {row["id"] for row in store.rows("SELECT id FROM articles")}


def main() -> None:
    """Store pages; with calls print what is wrong after each of them has failed."""
    home, pages, *calls = Path(sys.argv[1]), *map(int, sys.argv[2:])
    # The file itself changes only then, and all that is in the log may be lost until then.
    database.PRAGMAS = (*database.PRAGMAS, f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    with Path(os.devnull).open("wb") as sink:
        if not calls:
            write_pages(home, 1, sink.fileno(), pages)
            return
        with tempfile.TemporaryDirectory() as scratch:  # loads all modules before the forks
            write_pages(Path(scratch), 0, sink.fileno(), 3)
    shim = ctypes.CDLL(None)
    before = read_articles(home / "shopwire.db")
    for call in calls:
        for fault in FAULTS:
            # In DISK_ROOT, which is HOME, or else no call is seen.
            with tempfile.TemporaryDirectory(dir=home) as folder:
                for file in home.iterdir():
                    if file.is_file():
                        shutil.copy(file, folder)
                reported = _write_and_fail(shim, Path(folder), pages, call, fault)
                _, found = judge(Path(folder))
                stored = read_articles(Path(folder) / "shopwire.db")
            found += [f"article {one} is lost" for one in (before | reported) - stored]
            for problem in found:
                print(f"call {call}, {errno.errorcode[fault[0]]}: {problem}", flush=True)


if __name__ == "__main__":
    main()
