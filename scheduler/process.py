"""The daemon as a process: one for each store, and its states for the service manager."""

import fcntl
import os
import socket
from pathlib import Path


class AlreadyRunningError(Exception):
    """Raised by `DaemonLock` when another daemon holds the store; the message names its process."""


class DaemonLock:
    """A lock on `<store>.daemon`, which the kernel releases however its holder ends."""

    def __init__(self, store: Path) -> None:
        """Acquire the lock. Raises `AlreadyRunningError`."""
        path = store.with_suffix(".daemon")
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            pid = os.read(self._file, 20).decode("ascii", "replace").strip() or "?"
            os.close(self._file)
            raise AlreadyRunningError(f"a daemon is already running for {store} (process {pid})") from error
        os.truncate(self._file, 0)
        os.write(self._file, f"{os.getpid()}\n".encode("ascii"))

    def release(self) -> None:
        """Release the lock."""
        os.close(self._file)


def notify(state: str) -> bool:
    """Send a state such as `READY=1` to the service manager. Return whether it was received.

    A manager that is busy or gone is not waited for: the next tick sends the next state.
    """
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return False
    if address.startswith("@"):  # a name in Linux's abstract namespace
        address = f"\0{address[1:]}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
        channel.setblocking(False)
        try:
            channel.sendto(state.encode(), address)
        except (BlockingIOError, ConnectionRefusedError, FileNotFoundError):
            return False
    return True
