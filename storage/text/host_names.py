"""Host names, and those under which our web servers answer.

A page elsewhere may let its own name point to this machine and then read what is served here ("DNS
rebinding"); its requests carry that name.
"""

import re
import socket
from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import urlsplit

# Letters, digits and hyphens (RFC 1123, 2.1), and the underscores of container names.
HOST_NAME = re.compile(r"(?!-)[a-z0-9_-]+(\.[a-z0-9_-]+)*", re.ASCII | re.IGNORECASE)


def is_host_name(text: str) -> bool:
    """Return whether a text is an ASCII host name or IPv4 address, without scheme, port and final dot."""
    return bool(HOST_NAME.fullmatch(text))


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
