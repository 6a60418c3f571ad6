"""Crawl lists of 1,000,000 URLs: `python -m bench.long_lists [URLS]`.

A sitemap as it is, the same packed by the server, and an index of 500 sitemaps, all with the oldest first,
are served on this machine and read by a real crawl; the pages do not exist. Prints how many of the newest
pages were requested and how many others, the peak memory of the crawl without its workers, the CPU time that
its event loop was busy at a stretch, its delay (on a busy machine that is the machine's) and the time on the
clock. The last line is a sitemap of 2,000 URLs, to compare with. Exits with 1 if a page is missing, or if
memory or delay are above the limits; `python -m bench.performance long_lists` writes the table into
`docs/performance.md` unless it does.
"""

import gzip
import sys
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from time import monotonic

from tests.faults.crawl import run_spider
from tests.faults.server import Answer, FaultServer, Request, Writer, fault_server, whole

from bench.measure import print_table
from shopwire.spiders.lists.reading import MAX_LINKS_PER_LIST

URLS, CHILDREN = 1_000_000, 500
# Seconds.
LONGEST = 3_600
MOST_MB, MOST_DELAY_MS = 200, 100
MB = 1_000_000
FIRST_DAY = date(2000, 1, 1)
SETTINGS = {"RETRY_TIMES": 0, "DOWNLOAD_TIMEOUT": 120}
HEAD = b'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'


def build_sitemap(first: int, end: int) -> bytes:
    """Return a sitemap with the pages of these numbers; a later page has a later or the same day."""
    pages = b"".join(
        b"<url><loc>/page/archive/%d.html</loc><lastmod>%s</lastmod></url>\n" % (number, _find_day(number))
        for number in range(first, end)
    )
    return HEAD + pages + b"</urlset>"


def _find_day(number: int) -> bytes:
    return str(FIRST_DAY + timedelta(days=number // 200)).encode()


def build_answers(urls: int) -> Mapping[str, Answer]:
    """Return the lists by path."""
    body = build_sitemap(0, urls)
    size = urls // CHILDREN

    async def send_index(server: FaultServer, request: Request, writer: Writer) -> None:
        children = b"".join(b"<sitemap><loc>/child/%d.xml</loc></sitemap>" % n for n in range(CHILDREN))
        await whole(b"<sitemapindex>" + children + b"</sitemapindex>")(server, request, writer)

    async def send_child(server: FaultServer, request: Request, writer: Writer) -> None:
        number = int(request.path.rpartition("/")[2].partition(".")[0])
        await whole(build_sitemap(number * size, (number + 1) * size))(server, request, writer)

    return {
        "plain": whole(body, content_type="application/xml"),
        "packed": whole(gzip.compress(body, 1), content_type="application/xml", content_encoding="gzip"),
        "short": whole(build_sitemap(urls - MAX_LINKS_PER_LIST, urls)),
        "index": send_index,
        "child": send_child,
    }


def measure(urls: int) -> Iterator[tuple[str, int, int, float, float, float, float, float]]:
    """Yield a row for each list: its path, how many of the newest pages and of others were requested, peak
    memory in MB, milliseconds that the event loop was busy at a stretch (99th percentile) and late (99th
    percentile, longest), and the seconds it took."""
    newest = {f"/page/archive/{number}.html" for number in range(urls - MAX_LINKS_PER_LIST, urls)}
    with fault_server(build_answers(urls), {}) as server:
        for path in ("plain", "packed", "index", "short"):
            server.requests.clear()
            began = monotonic()
            with tempfile.TemporaryDirectory() as home:
                lists = {"sitemaps": [server.url(f"/{path}")]}
                crawled = run_spider(Path(home), "lists", lists, SETTINGS, longest=LONGEST)
            seconds = monotonic() - began
            asked = {one.path for one in server.requests if one.path.startswith("/page")}
            yield (
                path,
                len(asked & newest),
                len(asked - newest),
                crawled.peak / MB,
                1000 * crawled.busy_p99,
                1000 * crawled.lag_p99,
                1000 * crawled.lag_max,
                seconds,
            )


def main() -> int:
    """Crawl, print, and return the exit code."""
    urls = int(sys.argv[1]) if len(sys.argv) > 1 else URLS
    rows = list(measure(urls))
    head = ("list", "newest pages", "others", "peak MB", "busy p99 ms", "delay p99 ms", "longest", "seconds")
    print_table(head, [(row[0], *(f"{value:.0f}" for value in row[1:])) for row in rows])
    complete = all(found == MAX_LINKS_PER_LIST and not others for _, found, others, *_ in rows)
    small = all(megabytes <= MOST_MB and busy <= MOST_DELAY_MS for _, _, _, megabytes, busy, *_ in rows)
    return 0 if complete and small else 1


if __name__ == "__main__":
    sys.exit(main())
