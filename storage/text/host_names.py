"""The host names under which our web servers answer.

A page elsewhere may let its own name point to this machine and then read what is served here ("DNS
rebinding"); its requests carry that name.
"""

import socket
from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import urlsplit


def is_known_host(header: str, names: Collection[str] = ()) -> bool:
    """Return whether a Host header names this machine: an address, `localhost`, its own name, or one of
    `names`. A missing header is known, as every browser sends one."""
    try:
        host = (urlsplit(f"//{header}").hostname or "").rstrip(".")
    except ValueError:
        return False
    if not header or host in ("localhost", socket.gethostname().lower(), *map(str.lower, names)):
        return True
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
