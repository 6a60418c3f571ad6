"""One daemon for each store."""

import fcntl
import os
from pathlib import Path


class AlreadyRunning(Exception):  # noqa: N818 - it is a state of the world, not an error of ours
    """Raised by `DaemonLock` when another daemon holds the store; the message says which process."""


class DaemonLock:
    """A lock on `<store>.daemon` that the kernel takes back however its holder ends."""

    def __init__(self, store: Path) -> None:
        """Take the lock. Raises `AlreadyRunning`."""
        path = store.with_suffix(".daemon")
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(self._file, 20).decode("ascii", "replace").strip()
            os.close(self._file)
            raise AlreadyRunning(f"process {holder or '?'} is the daemon of {store}") from error
        os.truncate(self._file, 0)
        os.write(self._file, f"{os.getpid()}\n".encode("ascii"))

    def release(self) -> None:
        """Give the lock back."""
        os.close(self._file)
