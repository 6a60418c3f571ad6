"""Import a large WARC file with odd records: `python -m bench.warc_import [PAGES] [KILOBYTES]`.

Makes a file as CC-NEWS has them, of so many pages of so many kilobytes each (by default 100,000 of 10: one
gigabyte), with an odd record after every `EVERY` pages. The import is killed with SIGKILL after a third of
the pages and started again. Prints whether every whole page is stored and every odd record named, the pages
a second, and the memory in each quarter of the second import.
"""

import gzip
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import brotli
from tests.support.warc_records import build_record, build_response, join_chunks, pack, write_digest

from bench.measure import MAIN, SERVER, WORKER, print_table, watch
from bench.memory import average_quarters
from shopwire.storage.database import Store

PAGES, KILOBYTES = 100_000, 10
EVERY = 20
SITES = 40
# Pages of a site share a frame, as real ones do.
FRAME = "<div class=nav><a href=/>Home</a> <a href=/news/>News</a></div>{}<div class=foot>Imprint</div>"
COMMON = ("the", "of", "to", "and", "in", "for", "on", "with", "that", "by", "as", "at", "from", "has", "was")
SYLLABLES = (
    "ba",
    "de",
    "ki",
    "lo",
    "mu",
    "na",
    "pe",
    "ri",
    "so",
    "tu",
    "va",
    "wen",
    "xi",
    "yo",
    "zan",
    "fil",
)
# Seconds between two samples of memory.
SAMPLED_EVERY = 1.0


class PageMaker:
    """Makes pages of unrelated texts; the same number makes the same page."""

    def __init__(self, kilobytes: int) -> None:
        chance = random.Random(18)
        words = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(20_000)]
        self.words = words
        self.size = kilobytes * 1000

    def build_page(self, number: int) -> bytes:
        """Return an HTML page with an article of 300 to 600 words, filled up with a script."""
        chance = random.Random(number)
        title = " ".join(chance.choices(self.words, k=6)).capitalize()
        lines = [self._write_sentences(chance) for _ in range(chance.randint(4, 8))]
        text = "".join(f"<p>{line}</p>" for line in lines)
        body = FRAME.format(f"<article><h1>{title}</h1><time>2026-11-1{number % 10}</time>{text}</article>")
        page = f"<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>"
        filling = "".join(
            chance.choices("abcdefghijklmnopqrstuvwxyz0123456789;=(){}", k=self.size - len(page))
        )
        return page.replace("</head>", f"<script>var f='{filling}'</script></head>").encode()

    def _write_sentences(self, chance: random.Random) -> str:
        sentences = []
        for _ in range(4):
            words = [chance.choice(COMMON if n % 2 else self.words) for n in range(chance.randint(14, 22))]
            sentences.append(" ".join(words).capitalize() + ".")
        return " ".join(sentences)


def get_url(number: int) -> str:
    """Return the URL of a page."""
    return f"https://news{number % SITES}.example/2026/{number}.html"


def build_whole(number: int, body: bytes) -> bytes:
    """Return the record of a page, in one of the forms that programs write."""
    forms: tuple[Callable[[], tuple[bytes, dict[str, str]]], ...] = (
        lambda: (body, {}),
        lambda: (body, {"Content-Length": str(len(body))}),
        lambda: (brotli.compress(body, quality=3), {"Content-Encoding": "br"}),
        lambda: (gzip.compress(body, 3), {"Content-Encoding": "gzip"}),
        lambda: (body, {"Content-Encoding": "br", "Transfer-Encoding": "chunked"}),
        lambda: (join_chunks(body, 4000), {"Transfer-Encoding": "chunked"}),
    )
    payload, headers = forms[number % len(forms)]()
    block = build_response(payload, headers)
    url = get_url(number)
    date = "20261120080000" if number % 7 == 0 else "2026-11-20T08:00:00Z"
    named = {"WARC-Target-URI": f"<{url}>" if number % 5 == 0 else url, "WARC-Date": date}
    return build_record(block, {**named, "WARC-Payload-Digest": write_digest(payload)})


def build_odd(number: int, body: bytes) -> bytes:
    """Return a member that holds no whole page, another one for each of a dozen numbers."""
    block = build_response(body)
    url = f"https://odd.example/{number}"
    headers: tuple[dict[str, str | None], ...] = (
        {"WARC-Date": None},
        {"WARC-Date": "0001-01-01T00:00:00Z"},
        {"WARC-Target-URI": None},
        {"WARC-Truncated": "length"},
        {"WARC-Payload-Digest": "sha1:" + "A" * 32},
        {"Content-Length": "9" * 20},
        {"Content-Length": str(len(block) + 500)},
        {"Content-Length": str(len(block) - 500)},
    )
    kind = number % (len(headers) + 4)
    if kind < len(headers):
        return pack(build_record(block, {"WARC-Target-URI": url, **headers[kind]}))
    whole = pack(build_record(block, {"WARC-Target-URI": url}))
    broken = (
        whole[: len(whole) // 2],
        whole[:-6] + b"\0\0" + whole[-4:],
        b"<html>an error page of a proxy</html>",
        pack(build_record(build_response(brotli.compress(body)[:-40], {"Content-Encoding": "br"}))),
    )
    return broken[kind - len(headers)]


def build_members(pages: int, maker: PageMaker) -> Iterator[tuple[bytes, bool]]:
    """Yield the members of the file, and whether each is an odd one; the last one breaks off."""
    for number in range(pages):
        body = maker.build_page(number)
        yield pack(build_record(b"GET / HTTP/1.1\r\n\r\n", {"WARC-Type": "request"})), False
        yield pack(build_whole(number, body)), False
        if number % EVERY == 0:
            yield build_odd(number // EVERY, maker.build_page(pages + number)), True
    yield pack(build_record(build_response(maker.build_page(-1))))[:-100], True


def write_file(path: Path, pages: int, kilobytes: int) -> int:
    """Write the file, and return the number of odd records."""
    odd = 0
    with path.open("wb") as file:
        for member, is_odd in build_members(pages, PageMaker(kilobytes)):
            file.write(member)
            odd += is_odd
    return odd


def count_articles(home: Path) -> int:
    """Return the number of stored articles; 0 before there is a store."""
    path = home / "shopwire.db"
    if not path.exists():
        return 0
    with Store(path) as store:
        row = store.row("SELECT count(*) FROM articles")
    return int(row[0]) if row else 0


def kill_import(command: list[str], environment: dict[str, str], home: Path, pages: int) -> int:
    """Start an import, kill it and its workers when it has stored so many pages; return how many it had."""
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as running:
        while running.poll() is None and count_articles(home) < pages:
            time.sleep(0.5)
        os.killpg(running.pid, signal.SIGKILL)
    return count_articles(home)


def main() -> None:
    """Make the file, import it twice, and print the result."""
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else PAGES
    kilobytes = int(sys.argv[2]) if len(sys.argv) > 2 else KILOBYTES
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        file = home / "CC-NEWS.warc.gz"
        odd = write_file(file, pages, kilobytes)
        print(f"{pages:,} pages, {odd:,} odd records, {file.stat().st_size / 1e6:,.0f} MB packed", flush=True)
        command = [sys.executable, "-m", "shopwire.commands", "import", str(file)]
        environment = {**os.environ, "SHOPWIRE_HOME": name}
        before = kill_import(command, environment, home, pages // 3)
        seen = watch(command, environment, home, every=SAMPLED_EVERY, codes=(3,))
        log = (home / "bench.log").read_text(encoding="utf-8")
        named = log.count("not imported\n")
        with Store(home / "shopwire.db") as store:
            urls = {row["url"] for row in store.rows("SELECT url FROM articles")}
    missing = {get_url(number) for number in range(pages)} - urls
    print(f"killed after {before:,} pages; then {log.splitlines()[-1]}")
    print(f"whole pages missing: {len(missing)}, others stored: {len(urls) - pages + len(missing)}")
    print(f"odd records named: {named:,} of {odd:,}")
    rate = (pages - before) / seen.wall_seconds
    print(f"{rate:.1f} pages/s on the clock, {(pages - before) / seen.cpu_seconds():.1f} by CPU time\n")
    rows = []
    for role in (MAIN, WORKER, SERVER):
        sizes = [f"{size:.0f}" for size in average_quarters(seen, role)]
        rows.append((role, *sizes, f"{seen.peak_mb(role):.0f}"))
    print_table(("MB", "first quarter", "second", "third", "last", "largest process"), rows)
    is_right = not missing and len(urls) == pages and named == odd
    sys.exit(0 if is_right else 1)


if __name__ == "__main__":
    main()
