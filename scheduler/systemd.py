"""Tells systemd that the daemon is ready, alive or stopping (sd_notify(3)); nothing without systemd."""

import os
import socket


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
