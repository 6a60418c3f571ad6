"""An import whose pages are extracted by workers is that of one machine, whatever is killed."""

import gzip
import json
import random
import signal
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from shopwire.storage.database import Store
from tests.commands.imports.test_pages import write
from tests.commands.test_reextract import fill_archive
from tests.support.cluster import Cluster, cluster
from tests.support.rabbitmq import Broker
from tests.support.serving import serving
from tests.support.site_server import write_page

FILES, PAGES = 6, 10
# Of each article what does not depend on its number in the store.
ARTICLES = "SELECT url, title, text, text_hash, published, language, source FROM articles ORDER BY url"
FRONTS = """
SELECT articles.url, front.url FROM articles JOIN articles AS front ON front.id = articles.canonical_id
ORDER BY articles.url
"""
COPIES = """
SELECT one.url, other.url, kind, score FROM copies JOIN articles AS one ON one.id = article_id
JOIN articles AS other ON other.id = of_id ORDER BY one.url, other.url, kind
"""
STORIES = """
SELECT group_concat(url) AS urls FROM (SELECT story_id, url FROM articles ORDER BY url)
GROUP BY story_id ORDER BY urls
"""
LINES = "SELECT site, hash, clusters FROM lines ORDER BY site, hash"
FETCHES = "SELECT url, kind, outcome, reason, bytes FROM fetches WHERE kind = 'page' ORDER BY url"
SOURCES = "SELECT name, home FROM sources ORDER BY name"
TABLES = (ARTICLES, FRONTS, COPIES, STORIES, LINES, FETCHES, SOURCES)


def build_pages() -> list[tuple[str, str, str, bytes]]:
    """Pages of three sites, with reposts and frames."""
    pages = []
    for number in range(FILES * PAGES):
        host = f"site{number % 3}.example"
        page = write_page("site", number - number % 5 // 4)
        body = page.replace("</article>", f"<p>More of trade at {host} every week.</p></article>").encode()
        # Some of last month.
        body = body.replace(b"2026-11-", b"2026-10-") if number % 7 < 3 else body
        pages.append((f"https://{host}/news/{number}-report", "200 OK", "text/html; charset=utf-8", body))
    random.Random(20).shuffle(pages)
    return pages


def read_tables(home: Path) -> list[list[tuple[Any, ...]]]:
    with Store(home / "shopwire.db") as store:
        return [[tuple(row) for row in store.rows(sql)] for sql in TABLES]


def start_worker(made: Cluster, name: str) -> None:
    made.run(name, "cluster", "work", "--crawls", "0", "--refines", "1", "--name", name)


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    folder = tmp_path / "shared"
    folder.mkdir()
    pages = build_pages()
    for number in range(FILES):
        write(folder / f"{number}.warc.gz", *pages[number::FILES])
    return folder


def test_workers_that_are_killed_change_nothing(broker: Broker, tmp_path: Path, shared: Path) -> None:
    files = [str(path) for path in sorted(shared.glob("*.warc.gz"))]
    with cluster(tmp_path / "cluster", broker) as made, ThreadPoolExecutor(1) as thread:
        made.environment["SHOPWIRE_CLUSTER_DIR"] = str(shared)
        start_worker(made, "one")
        start_worker(made, "two")
        alone, beside = made.home, made.folder / "import"
        importing = made.run("import", "import", "--cluster", "--json", *files)
        made.wait_for(lambda: any((shared / "parts").glob("*.part")))
        made.kill("one")
        broker.kill()
        # Nothing else can be done while a broker starts.
        imported_alone = thread.submit(made.call, "import", "--two-pass", *files)
        broker.start()
        start_worker(made, "one")
        assert importing.wait(timeout=200) == 0
        del made.processes["import"]
        imported_alone.result()
        assert read_tables(beside) == read_tables(alone)
        assert len(read_tables(beside)[0]) == FILES * PAGES
        assert list((shared / "parts").iterdir()) == []

        # Each month in a store of its own, on workers, makes the same articles and groups.
        beyond = made.folder / "months"
        made.call("import", "--cluster", "--shards-above", "0", *files, home=beyond)
        assert read_tables(beyond)[:2] == read_tables(alone)[:2]
        assert list((shared / "parts").iterdir()) == []

        for name in ("one", "two"):
            made.kill(name, signal.SIGTERM)

        # The user of a worker has all the rights that it needs.
        assert "ACCESS_REFUSED" not in (made.folder / "one.log").read_text()

        # A worker that has another folder finds no file, and nobody waits for it without an end.
        made.environment["SHOPWIRE_CLUSTER_DIR"] = str(tmp_path)
        start_worker(made, "lost")
        made.environment["SHOPWIRE_CLUSTER_DIR"] = str(shared)
        assert "1 rejected" in made.call("import", "--cluster", files[0], code=1)


def test_files_outside_of_the_shared_folder_are_refused(broker: Broker, tmp_path: Path, shared: Path) -> None:
    with cluster(tmp_path / "cluster", broker) as made:
        file = str(shared / "0.warc.gz")
        made.call("import", "--cluster", file, code=2)
        (tmp_path / "other").mkdir()
        made.environment["SHOPWIRE_CLUSTER_DIR"] = str(tmp_path / "other")
        made.call("import", "--cluster", file, code=2)
        assert "refine" in json.loads(made.call("cluster", "status", "--json"))["queues"]


def test_files_of_a_list_are_fetched_and_archived_pages_extracted_again(
    broker: Broker, tmp_path: Path, shared: Path
) -> None:
    beyond = tmp_path / "beyond/2026"
    beyond.mkdir(parents=True)
    (shared / "1.warc.gz").rename(beyond / "1.warc.gz")
    (shared / "2.warc.gz").rename(beyond / "2.warc.gz")
    handler = partial(SimpleHTTPRequestHandler, directory=str(beyond.parent))
    with serving(handler) as origin, cluster(tmp_path / "cluster", broker) as made:
        names = ["0.warc.gz", "2026/1.warc.gz", f"{origin}/2026/2.warc.gz"]
        listed = tmp_path / "warc.paths.gz"
        listed.write_bytes(gzip.compress("\n".join(names).encode()))
        made.environment["SHOPWIRE_CLUSTER_DIR"] = str(shared)
        made.call("import", "--cluster", str(listed), code=2)
        made.environment["SHOPWIRE_WARC_ORIGIN"] = origin
        start_worker(made, "one")
        told = json.loads(made.call("import", "--cluster", "--json", str(listed)))
        assert told.get("rejected", 0) == 0
        assert len(read_tables(made.home)[0]) == 3 * PAGES
        made.kill("one", signal.SIGTERM)

        # The same worker, for an archive.
        archived = shared / "archived"
        archived.mkdir()
        homes = []
        for name in ("here", "there"):
            fill_archive(archived / name)
            homes.append(archived / name)
        start_worker(made, "one")
        here = made.call("reextract", "--json", home=homes[0])
        assert made.call("reextract", "--cluster", "--json", home=homes[1]) == here
        assert json.loads(here)["pages"] == {"updated": 3}
        assert read_tables(homes[0]) == read_tables(homes[1])
        assert list((shared / "parts").iterdir()) == []
