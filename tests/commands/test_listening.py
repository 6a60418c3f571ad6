"""Servers listen on loopback only, unless configured otherwise."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from shopwire.storage.database import Store
from tests.support.crawling import environment

# An address as /proc writes it, 127.0.0.1 and 0.0.0.0, and the state of a socket that listens.
LOOPBACK, EVERYWHERE, LISTENS = "0100007F", "00000000", "0A"


@contextmanager
def running(home: Path, *words: str) -> Iterator[int]:
    """Run a shopwire command until the end of the block; yields its process id."""
    command = [sys.executable, "-m", "shopwire.commands", *words]
    with (home / "said").open("wb") as said:
        process = subprocess.Popen(command, env=environment(home, 1), stdout=said, stderr=said)
    try:
        yield process.pid
    finally:
        process.kill()
        process.wait()


def read_links(folder: Path) -> set[str]:
    """Return where the links of a folder lead; one may be gone between its listing and its reading."""
    links = set()
    for link in folder.iterdir():
        with suppress(FileNotFoundError):
            links.add(str(link.readlink()))
    return links


def listening(pid: int) -> set[str]:
    """Return the addresses at which a process listens."""
    own = read_links(Path(f"/proc/{pid}/fd"))
    found = set()
    for name in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{name}").read_text().splitlines()[1:]:
            _, here, _, state, *more = line.split()
            if state == LISTENS and f"socket:[{more[5]}]" in own:
                found.add(here.partition(":")[0])
    return found


def once_listening(pid: int, home: Path) -> set[str]:
    deadline = time.monotonic() + 60
    while not (found := listening(pid)):
        assert time.monotonic() < deadline, (home / "said").read_text()
        time.sleep(0.05)
    return found


@pytest.mark.fault("8a", "What of ours listens", "on 127.0.0.1, unless told otherwise")
@pytest.mark.parametrize(
    ("words", "where"),
    [
        (("serve", "--port", "0"), LOOPBACK),
        (("serve", "--port", "0", "--host", "0.0.0.0", "--public"), EVERYWHERE),
        (("daemon", "--metrics-port", "0", "newsroom_crown"), LOOPBACK),
    ],
)
def test_it_listens_on_loopback_unless_told(store: Store, words: tuple[str, ...], where: str) -> None:
    home = store.path.parent
    with running(home, *words) as pid:
        assert once_listening(pid, home) == {where}


def test_a_daemon_that_serves_no_metrics_listens_nowhere(store: Store) -> None:
    home = store.path.parent
    with running(home, "daemon", "newsroom_crown") as pid:
        deadline = time.monotonic() + 60
        # The log of the first crawl says that the daemon is at work.
        while not (home / "logs").exists():
            assert time.monotonic() < deadline, (home / "said").read_text()
            time.sleep(0.05)
        assert listening(pid) == set()
