"""Find what sites of many systems have, with the real command and with other projects.

    python -m bench.discovery

The sites are on loopback (see `sites.py`). Other projects run where SHOPWIRE_BENCH_PEERS names the Python of
an environment that has feedfinder2, trafilatura, lxml_html_clean and ultimate-sitemap-parser. Prints a table
in Markdown.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bench.discovery.documents import Site
from bench.discovery.server import SiteServer, serve_sites
from shopwire.spiders.canonical_url import get_canonical_url

PEERS = Path(__file__).parent / "peers.py"
# What each project looks for.
LOOKS_FOR = {
    "shopwire source add": ("feed", "sitemap", "list"),
    "feedfinder2": ("feed",),
    "trafilatura": ("feed",),
    "ultimate-sitemap-parser": ("sitemap",),
}
HEAD = """\
| | feeds | sitemaps | lists | wrong | requests, mean | all, mean | at the wall |
|---|---|---|---|---|---|---|---|"""
TIMEOUT = 300
# What was found, the first one first, and the requests if they are not all that the site got.
Finding = tuple[list[str], int | None]


@dataclass(slots=True)
class Score:
    """Sites of each kind whose address was found, names of sites at which something else was, and requests
    for each site: those to find something, and all with robots.txt and tested pages."""

    found: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    requests: dict[str, int] = field(default_factory=dict)
    all_requests: dict[str, int] = field(default_factory=dict)


def run_ours(url: str) -> Finding:
    """Return the address of the source that `shopwire source add` would add, and its requests without
    robots.txt and the pages that it tests."""
    with tempfile.TemporaryDirectory() as home:
        environment = {
            **os.environ,
            "SHOPWIRE_HOME": home,
            "SCRAPY_SETTINGS_MODULE": "tests.newsroom.settings",
        }
        command = [sys.executable, "-m", "shopwire.commands", "source", "add", url, "--dry-run", "--json"]
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=TIMEOUT, check=False
        )
    found = json.loads(done.stdout)
    table = found["table"] if found["ending"] == "added" else {}
    return [url for key in ("feeds", "sitemaps", "lists") for url in table.get(key, ())], found["requests"]


def run_peer(python: str, name: str) -> Callable[[str], Finding]:
    """Return a function that finds with another project."""

    def find(url: str) -> Finding:
        done = subprocess.run(
            [python, str(PEERS), name, url], capture_output=True, text=True, timeout=TIMEOUT, check=False
        )
        return list(json.loads(done.stdout)) if done.returncode == 0 else [], None

    return find


def score(server: SiteServer, find: Callable[[str], Finding], kinds: tuple[str, ...]) -> Score:
    """Return how well a function finds what each site has."""
    result = Score()
    for site in server.sites.values():
        server.asked.clear()
        found, requests = find(server.get_url(site.name))
        result.all_requests[site.name] = sum(server.asked.values())
        result.requests[site.name] = result.all_requests[site.name] if requests is None else requests
        judge(server, site, found, kinds, result)
    return result


def judge(server: SiteServer, site: Site, found: list[str], kinds: tuple[str, ...], result: Score) -> None:
    """Add the result of a site to a score; something else than there is, or at a site without, is wrong."""
    wanted = get_canonical_url(server.base.format(site.name) + site.address)
    if site.kind in kinds and wanted in map(get_canonical_url, found):
        result.found[site.kind] = result.found.get(site.kind, 0) + 1
    elif found:
        result.wrong.append(site.name)


def format_row(server: SiteServer, name: str, result: Score) -> str:
    """Return the row of a project."""
    totals = [one.kind for one in server.sites.values()]
    cells = [
        f"{result.found.get(kind, 0)} of {totals.count(kind)}" if kind in LOOKS_FOR[name] else "–"
        for kind in ("feed", "sitemap", "list")
    ]
    means = [sum(one.values()) / len(one) for one in (result.requests, result.all_requests)]
    cells += [str(len(result.wrong)), *(f"{mean:.1f}" for mean in means), str(result.requests["wall"])]
    return f"| {name} | {' | '.join(cells)} |"


def main() -> None:
    """Print the table."""
    finders: dict[str, Callable[[str], Finding]] = {"shopwire source add": run_ours}
    if python := os.environ.get("SHOPWIRE_BENCH_PEERS"):
        finders |= {name: run_peer(python, name) for name in LOOKS_FOR if name not in finders}
    print(HEAD)
    with serve_sites() as server:
        for name, find in finders.items():
            result = score(server, find, LOOKS_FOR[name])
            print(format_row(server, name, result), flush=True)
            print(f"{name}: wrong: {result.wrong}; requests: {result.requests}", file=sys.stderr)


if __name__ == "__main__":
    main()
