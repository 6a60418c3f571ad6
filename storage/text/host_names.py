"""Host names, and those under which our web servers answer.

A page elsewhere may let its own name point to this machine and then read what is served here ("DNS
rebinding"); its requests carry that name.
"""

import re
import socket
from collections.abc import Collection
from ipaddress import ip_address

# Letters, digits and hyphens (RFC 1123, 2.1), and the underscores of container names.
HOST_NAME = re.compile(r"(?!-)[a-z0-9_-]+(\.[a-z0-9_-]+)*", re.ASCII | re.IGNORECASE)

# RFC 9110, 7.2: a host, in brackets if it is an IPv6 address, and perhaps a port.
HOST_HEADER = re.compile(
    r"(?:\[(?P<address>[0-9a-f:.]+)\]|(?P<name>[a-z0-9_.-]+))(?::[0-9]{0,5})?", re.ASCII | re.IGNORECASE
)


def is_host_name(text: str) -> bool:
    """Return whether a text is an ASCII host name or IPv4 address, without scheme, port and final dot."""
    return bool(HOST_NAME.fullmatch(text))


def is_known_host(header: str, names: Collection[str] = ()) -> bool:
    """Return whether a Host header names this machine: an address, `localhost`, its own name, or one of
    `names`. A missing header is known, as every browser sends one."""
    form = HOST_HEADER.fullmatch(header)
    if not form:
        return not header
    host = (form["address"] or form["name"]).rstrip(".").lower()
    if host in ("localhost", socket.gethostname().lower(), *map(str.lower, names)):
        return True
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
