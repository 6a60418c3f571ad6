"""The notify socket of systemd (sd_notify(3)): ready, alive, stopping. Without systemd, nothing."""

import os
import socket


def notify(state: str) -> bool:
    """Send a state such as `READY=1` to the service manager; whether there is one that takes it.

    One that is busy or gone is not waited for: the next sign of life comes with the next tick.
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
