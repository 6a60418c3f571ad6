"""Scrapy's own commands in this project, and our parts in the project of somebody else, as real processes."""

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree

import pytest

from shopwire.commands.export import EXPORTED
from shopwire.pipelines.article import COLUMNS
from shopwire.storage.database import Store
from tests.newsroom.expected import ARTICLES
from tests.newsroom.server import Newsroom, newsroom
from tests.support.crawling import ROOT, environment

SOURCE = "newsroom_meigong"
EXAMPLE = re.compile(r"```python\n# (\S+\.py)\n(.*?)```", re.DOTALL)
FOREIGN = """
import scrapy


class Prices(scrapy.Spider):
    name = "prices"
    title = "not a source: no home, no language"
    start_urls = ["{url}"]

    def parse(self, response):
        yield {{"name": response.css("title::text").get(), "price": 7}}
"""


@pytest.fixture(scope="module")
def room() -> Iterator[Newsroom]:
    with newsroom() as opened:
        yield opened


def scrapy(*arguments: str, cwd: Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run `scrapy ARGUMENTS`, which must succeed without a traceback."""
    command = [Path(sys.executable).with_name("scrapy"), *arguments]
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr[-3000:]
    return done


def find_page(room: Newsroom) -> tuple[str, str]:
    """Return the URL and the title of an article of the source."""
    page = next(page for page in ARTICLES if page.host.startswith("meigong") and page.edition == 1)
    return room.url(page.host, page.path), page.title


def test_feed_exports_have_the_articles(room: Newsroom, tmp_path: Path) -> None:
    env = environment(tmp_path, room.port)
    files = ("a.jsonl", "a.csv", "a.xml")
    options = [word for file in files for word in ("-O", file)]
    scrapy("crawl", SOURCE, *options, cwd=tmp_path, env=env)
    with Store(tmp_path / "shopwire.db") as store:
        stored = {row["url"]: row["title"] for row in store.rows("SELECT url, title FROM articles")}
    assert stored
    text = (tmp_path / "a.jsonl").read_text("utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    assert {line["url"]: line["title"] for line in lines} == stored
    assert "\\u" not in text
    assert list(lines[0]) == [name for name in EXPORTED if name in COLUMNS]
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as opened:
        assert {row["url"]: row["title"] for row in csv.DictReader(opened)} == stored
    items = ElementTree.parse(tmp_path / "a.xml").getroot().findall("item")
    assert {item.findtext("url"): item.findtext("title") for item in items} == stored
    # Nothing is new, so there is no item; the feed itself is no item either.
    scrapy("crawl", SOURCE, "-O", "b.jsonl", "-s", "FEED_STORE_EMPTY=1", cwd=tmp_path, env=env)
    assert (tmp_path / "b.jsonl").read_text() == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ("fetch", "--nolog"),
        ("fetch", "--nolog", "--spider", SOURCE),
        ("shell", "--nolog", "-c", "response.text"),
        ("shell", "--nolog", "--spider", SOURCE, "-c", "response.text"),
    ],
)
def test_a_page_can_be_looked_at(room: Newsroom, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    url, title = find_page(room)
    done = scrapy(*arguments, url, cwd=tmp_path, env=environment(tmp_path, room.port))
    assert title in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_page_can_be_parsed(room: Newsroom, tmp_path: Path) -> None:
    url, title = find_page(room)
    env = environment(tmp_path, room.port)
    done = scrapy("parse", "--spider", SOURCE, "--pipelines", url, cwd=tmp_path, env=env)
    assert f"'url': '{url}'" in done.stdout
    assert list(tmp_path.iterdir()) == []
    scrapy("parse", "--spider", SOURCE, "-o", "one.jsonl", url, cwd=tmp_path, env=env)
    (line,) = (tmp_path / "one.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["title"] == title
    assert [path.name for path in tmp_path.iterdir()] == ["one.jsonl"]


def write_project(folder: Path, files: Mapping[str, str], settings: str) -> dict[str, str]:
    """Write the files of a Scrapy project; return the environment to run it in."""
    for name, content in {"scrapy.cfg": f"[settings]\ndefault = {settings}\n", **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    without = ("SCRAPY_SETTINGS_MODULE", "PYTHONPATH")
    return {name: value for name, value in os.environ.items() if name not in without} | {
        "SHOPWIRE_ALLOW_LOOPBACK": "1"
    }


def test_a_spider_of_another_kind_in_our_project_runs_unharmed(room: Newsroom, tmp_path: Path) -> None:
    url, title = find_page(room)
    files = {
        "mine/__init__.py": "",
        "mine/prices.py": FOREIGN.format(url=url),
        "mine/settings.py": "from shopwire.spiders.settings import *\nSPIDER_MODULES = ['mine.prices']\n",
    }
    env = write_project(tmp_path, files, "mine.settings")
    before = sorted(path.name for path in tmp_path.iterdir())
    scrapy("crawl", "prices", "-O", "out.jsonl", cwd=tmp_path, env=env)
    (line,) = (tmp_path / "out.jsonl").read_text("utf-8").splitlines()
    item = json.loads(line)
    assert (title in item["name"], item["price"], len(item)) == (True, 7, 2)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*before, "out.jsonl"])
    listed = subprocess.run(
        [sys.executable, "-m", "shopwire.commands", "source", "list"],
        cwd=tmp_path,
        env=env | {"SCRAPY_SETTINGS_MODULE": "mine.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (listed.returncode, "prices" in listed.stdout, "Traceback" in listed.stderr) == (0, False, False)


def test_the_example_of_the_documentation_runs(room: Newsroom, tmp_path: Path) -> None:
    front = room.url("crown.localhost", "/news/")
    written = (ROOT / "docs" / "scrapy.md").read_text(encoding="utf-8")
    # The front page of the example, and the links on it.
    written = written.replace("https://news.example/", front).replace("a.title", "ul.newslist a")
    files = dict(EXAMPLE.findall(written))
    assert sorted(files) == [f"prices/{name}.py" for name in ("settings", "sources", "spiders", "stored")]
    env = write_project(tmp_path, {**files, "prices/__init__.py": ""}, "prices.settings")
    loopback = ("-s", "SHOPWIRE_ALLOW_LOOPBACK=1")
    scrapy("crawl", "news", "-O", "articles.jsonl", *loopback, cwd=tmp_path, env=env)
    articles = [json.loads(line) for line in (tmp_path / "articles.jsonl").read_text("utf-8").splitlines()]
    titles = {page.title for page in ARTICLES if page.host.startswith("crown")}
    assert articles
    assert {article["title"] for article in articles} <= titles
    assert not (tmp_path / "shopwire.db").exists()
    stored = env | {"SCRAPY_SETTINGS_MODULE": "prices.stored"}
    scrapy("crawl", "source", "-O", "stored.jsonl", *loopback, cwd=tmp_path, env=stored)
    exported = (tmp_path / "stored.jsonl").read_text("utf-8").splitlines()
    assert len(exported) == len(articles)
    with Store(tmp_path / "shopwire.db") as store:
        assert store.row("SELECT count(*) FROM articles WHERE archived_in <> ''")[0] == len(articles)
        (run,) = store.rows("SELECT source, outcome FROM runs")
    assert tuple(run) == ("source", "ok")
