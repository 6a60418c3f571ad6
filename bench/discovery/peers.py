"""Find feeds and sitemaps with other projects.

    PYTHON bench/discovery/peers.py feedfinder2|trafilatura|ultimate-sitemap-parser URL

For a Python that has them installed, so this file imports nothing of ours. Prints a JSON array: the feeds or
sitemaps that were found, the first one first.
"""

import contextlib
import io
import json
import logging
import socket
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

PUBLIC = "www.sample-site.com"
LOOK_UP = socket.getaddrinfo


def look_up(host: str, *args: Any, **options: Any) -> Any:
    """Resolve names below `.localhost` to this machine, as RFC 6761 asks for."""
    return LOOK_UP("127.0.0.1" if str(host).endswith("localhost") else host, *args, **options)


def run_feedfinder2(url: str) -> list[str]:
    """Return its feeds."""
    import feedfinder2  # noqa: PLC0415 - one of them may be missing

    return list(feedfinder2.find_feeds(url))


def run_trafilatura(url: str) -> list[str]:
    """Return the feeds that its function for one page finds; it does not read them."""
    from trafilatura.feeds import FeedParameters, determine_feed  # noqa: PLC0415

    parts = urlsplit(url)
    try:
        with urlopen(url, timeout=30) as response:
            page = response.read().decode("utf-8", "replace")
    except OSError:
        return []
    # It takes no name below `.localhost` for an address.
    found = determine_feed(page, FeedParameters(f"http://{PUBLIC}", PUBLIC, f"http://{PUBLIC}{parts.path}"))
    return [one.replace(PUBLIC, parts.netloc, 1) for one in found]


def run_sitemap_parser(url: str) -> list[str]:
    """Return the sitemaps that have pages."""
    from usp.tree import sitemap_tree_for_homepage  # noqa: PLC0415 - one of them may be missing

    tree = sitemap_tree_for_homepage(url)
    return [one.url for one in tree.all_sitemaps() if getattr(one, "pages", None)]


PEERS: dict[str, Callable[[str], list[str]]] = {
    "feedfinder2": run_feedfinder2,
    "trafilatura": run_trafilatura,
    "ultimate-sitemap-parser": run_sitemap_parser,
}

if __name__ == "__main__":
    socket.getaddrinfo = look_up
    logging.disable(logging.CRITICAL)
    with contextlib.redirect_stdout(io.StringIO()):
        found = PEERS[sys.argv[1]](sys.argv[2])
    print(json.dumps(found))
