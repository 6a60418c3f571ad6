"""Crawl nine healthy sources beside a hostile one: `python -m bench.hostile_lists [KILOBYTES]`.

All ten are crawled in one process, as `shopwire crawl` does. The hostile source serves one kind of attack on
readers of robots.txt, feeds, sitemaps, pages of links or JSON lists. Prints how many pages of the healthy
sources were stored, the delay of the event loop with the CPU time it was busy at a stretch (on a busy machine
the delay is that of the machine), the peak memory of all processes together (as their shares, see
`proc_pid_smaps(5)`) and what the crawl log says of the attack. Exits with 1 if a page is missing or a limit
is passed.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.faults.crawl import ROOT, environment
from tests.faults.pages import article
from tests.faults.robots import text
from tests.faults.server import Answer, FaultServer, Request, Writer, fault_server, whole

from bench.measure import list_family, print_table
from shopwire.storage.database import Store

HEALTHY, PAGES, KILOBYTES = 9, 12, 512
MOST_DELAY_MS, MOST_MB = 100, 500
KIB = 1024
# Seconds.
LONGEST, EVERY = 300, 0.1
BEGIN = b"<rss><channel><item><link>/page/1</link>"


def repeat(size: int, part: bytes, begin: bytes = b"", end: bytes = b"") -> bytes:
    """Return `part` as often as there is room between `begin` and `end`."""
    return begin + part * ((size - len(begin) - len(end)) // len(part)) + end


def build_robots(size: int) -> bytes:
    """Return a group with as many agents, ours among them, as rules."""
    agents = b"".join(b"user-agent:a%d\n" % number for number in range(size // 40))
    rules = b"".join(b"allow:/%d\n" % number for number in range(size // 20))
    return (agents + b"user-agent:shopwire\n" + rules)[:size]


def build_attacks(size: int) -> dict[str, tuple[str, bytes]]:
    """Return the attacks by name: what they attack, and the body."""
    return {
        "none": ("feeds", BEGIN + b"</item></channel></rss>"),
        "robots, agents times rules": ("robots", build_robots(size)),
        "robots, wildcards": ("robots", repeat(size, b"allow:/*a*b*c*d$\n", b"user-agent:*\n")),
        "robots, empty lines": ("robots", repeat(size, b"\n", b"user-agent:*\n")),
        "author of @": ("feeds", repeat(size, b"@", BEGIN + b"<author>")),
        "creator of a@": ("feeds", repeat(size, b"a@", BEGIN + b"<dc:creator>")),
        "escaped comments": ("feeds", repeat(size, b"&lt;!--", BEGIN + b"<description>")),
        "nested xml:base": ("feeds", repeat(size, b'<entry xml:base="b/">', b"<feed>")),
        "ampersands": ("feeds", repeat(size, b"&a", BEGIN + b"<title>")),
        "open items": ("feeds", repeat(size, b"<item><link>a", b"<rss>")),
        "bytes of no charset": ("feeds", repeat(size, b"\x81\x30\xff", BEGIN + b"<title>")),
        "sitemaps of sitemaps": ("sitemaps", repeat(size, b"<sitemap><loc>/1</loc></sitemap>", b"<urlset>")),
        "deep links": ("links", repeat(size, b"<div><a href=1>t</a>")),
        "dates beside links": ("links", repeat(size, b"<a href=1>t</a>11 11 9999")),
        "similar links": ("detected", repeat(size, b"<li><a href=/1.html>A title of twenty letters</a>")),
        "rows": ("rows", repeat(size, b'{"id": 1},', b"[", b'{"id": 2}]')),
    }


def build_server(kind: str, body: bytes) -> tuple[Mapping[str, Answer], Mapping[str, Answer]]:
    """Return the answers of all hosts, by path, and each robots.txt by host."""

    async def send_page(server: FaultServer, request: Request, writer: Writer) -> None:
        await whole(article(f"{request.host} {request.path}"), content_type="text/html; charset=utf-8")(
            server, request, writer
        )

    links = "".join(f"<item><link>/page/{number}</link></item>" for number in range(PAGES))
    feed = whole(f"<rss><channel>{links}</channel></rss>".encode(), content_type="text/xml")
    answers = {"feed": feed, "page": send_page, "attack": whole(body, content_type="text/html")}
    return answers, {"evil": text(body)} if kind == "robots" else {}


def measure(kind: str, body: bytes) -> tuple[int, dict[str, float], float, float, str]:
    """Return pages stored of the healthy sources, the report of `bench.hostile_crawl`, peak megabytes,
    seconds, and the reason in the crawl log."""
    with fault_server(*build_server(kind, body)) as server, tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "bench.hostile_crawl", kind, str(server.port)]
        began = time.monotonic()
        running = subprocess.Popen(
            command, env=environment(Path(home)), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        peak = max(sample_memory(running), default=0.0)
        seconds = time.monotonic() - began
        assert running.stdout is not None
        report = json.loads(running.stdout.read())
        with Store(Path(home) / "shopwire.db") as store:
            row: Any = store.row("SELECT count(*) FROM articles WHERE source LIKE 'good%'")
            reason: Any = store.row("SELECT outcome, reason FROM fetches WHERE source = 'evil' ORDER BY id")
    return row[0], report, peak, seconds, f"{reason[0]}: {reason[1]}"[:60]


def sample_memory(running: subprocess.Popen[bytes]) -> Iterator[float]:
    """Yield the megabytes of a process and its descendants until it ends."""
    while running.poll() is None and time.sleep(EVERY) is None:
        yield sum(map(read_share, list_family(running.pid)))


def read_share(pid: int) -> float:
    """Return the megabytes of a process, those that it shares divided by the number of sharers."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / KIB


def main() -> int:
    """Crawl with each attack, print a row for each, and return the exit code."""
    size = (int(sys.argv[1]) if len(sys.argv) > 1 else KILOBYTES) * KIB
    is_good = True
    rows = []
    for name, (kind, body) in build_attacks(size).items():
        stored, report, peak, seconds, reason = measure(kind, body)
        is_good &= stored == HEALTHY * PAGES and report["busy_p99"] <= MOST_DELAY_MS and peak <= MOST_MB
        numbers = [f"{value:.0f}" for value in (*report.values(), peak, seconds)]
        rows.append((name, f"{stored} of {HEALTHY * PAGES}", *numbers, reason))
        print(rows[-1], file=sys.stderr, flush=True)
    head = (
        "attack",
        "pages",
        "delay p99 ms",
        "longest",
        "busy p99 ms",
        "longest",
        "all MB",
        "seconds",
        "said",
    )
    print_table(head, rows)
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
