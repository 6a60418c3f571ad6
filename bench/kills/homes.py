"""The stores on which commands are killed, and what is in them."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database
from tests.support.makers import FETCHED, a_page, an_article
from tests.test_kill_maintenance import fill

from bench.kills.forked import run_forked
from shopwire.pipelines.store_article import store_page
from shopwire.storage.archive import ArchivedPage, ArchiveWriter
from shopwire.storage.crawl_log.runs import declare_source
from shopwire.storage.database import Store
from shopwire.storage.errors import StoreError
from shopwire.storage.maintenance.check import find_problems
from shopwire.storage.schema.migrations import STEP_NAMES, migrations

# What the check says of files whose rows are deleted already; the command, run again, deletes them.
UNFINISHED = "is still to be erased"
STATE = "SELECT url, text, canonical_id, story_id, archived_in FROM articles ORDER BY url"
OLD_STATE = "SELECT url, title, text, views, archived_in FROM articles ORDER BY url"
OLD_ARTICLE = """
INSERT INTO articles (url, source, title, author, editor, published_from, published, fetched, language,
    origin, tags, views, image, text, text_hash, extractor, archived_in)
VALUES (?, 'blog', ?, '', '', '', '2026-11-20', '2026-11-22T08:00:00+00:00', 'en', '', '[]', 7, '', ?, ?, '',
    '')
"""
OLD_ARTICLES = 60

Row = tuple[object, ...]
State = dict[object, Row]


def build_home(home: Path) -> None:
    """Fill a store, and write a file to import: new articles, and one that is stored already."""
    fill(home)
    text = "Notice {} about ports and fees. "
    lines = [
        {"url": f"https://s{n % 3}.example/{n}", "title": f"Notice {n}", "text": text.format(n) * 9}
        for n in range(5, 13)
    ]
    run_forked(home, 0, ("story", "split", "6"))
    (home / "more.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))


def build_poor_home(home: Path) -> None:
    """Fill a store with archived pages of which it has but a poor extraction."""
    with Store(home / "shopwire.db") as store, ArchiveWriter(home / "archive", "blog-1") as archive:
        with store.writing():
            declare_source(store, "blog", "A blog", "https://blog.example/", "en")
        for number in range(10):
            url = f"https://blog.example/{number}"
            sentences = "".join(
                f"<p>Port {number} took {place} parcels more than a year before, carriers said on Monday.</p>"
                for place in range(8)
            )
            body = f"<title>Port {number}</title><body><article><h1>Port {number}</h1>{sentences}</article>"
            raw = ArchivedPage(url, "blog", FETCHED, "text/html", body.encode())
            page = a_page(url, raw.body, archived_in=archive.write(raw), requested=url)
            store_page(store, page, an_article(url, f"Advertisement {number}"), None)


def build_old_home(home: Path) -> None:
    """Make a store of the first version, with articles."""
    old = Database(home / "shopwire.db")
    migrations.apply(old, stop_before=STEP_NAMES[1])
    old.execute(
        "INSERT INTO sources (name, title, home, language, first_crawled) "
        "VALUES ('blog', 'A blog', 'https://blog.example/', 'en', '')"
    )
    for number in range(OLD_ARTICLES):
        text = f"Report {number} about parcels and fees of Taobao. " * 9
        old.execute(OLD_ARTICLE, [f"https://blog.example/{number}", f"Report {number}", text, number])
    old.execute("UPDATE articles SET canonical_id = id")
    old.conn.commit()
    old.close()


def read_state(home: Path, sql: str) -> State:
    """Return what is stored of each article; nothing while there is no store."""
    if not (home / "shopwire.db").exists():
        return {}
    with closing(sqlite3.connect(home / "shopwire.db")) as db:
        return {row[0]: row for row in db.execute(sql)}


def list_problems(home: Path) -> list[str]:
    """Return what the check finds in the store and in its backup."""
    found = []
    for path in (home / "shopwire.db", home / "copy.db"):
        if path.exists():
            try:
                with Store(path) as store:
                    found += find_problems(store, home / "archive")
            except StoreError as error:
                found.append(str(error))
    return found
