"""Public corpora are fetched from their repositories; here these are made by the test, on this machine."""

import gzip
import json
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from bench.data import CORPORA, Corpus, LabelledPage, fetch_corpus
from bench.fixtures.labelled_pages import read_set

URL, TEXT, HTML = "https://trade.example/a", "The port opened a second hall on Monday.", b"<p>The port</p>"
ARTICLE = {
    "url": URL,
    "file_id": "0001",
    "_internal": {"page_type": {"primary": "article"}},
    "ground_truth": {"title": "A port", "author": None, "publish_date": "2026-11-02", "main_content": TEXT},
}
FORUM = {**ARTICLE, "file_id": "0002", "_internal": {"page_type": {"primary": "forum"}}}
FILES: Mapping[str, Mapping[str, bytes]] = {
    "aeb": {
        "ground-truth.json": json.dumps({"p1": {"url": URL, "articleBody": TEXT}}).encode(),
        "html/p1.html.gz": gzip.compress(HTML),
    },
    "magic": {
        "benchmark/data/article/base.json": json.dumps({"p1": {"url": URL, "content": TEXT}}).encode(),
        "benchmark/data/article/htmls/p1.html": HTML,
    },
    "wcxb": {
        "dev/ground-truth/0001.json": json.dumps(ARTICLE).encode(),
        "dev/ground-truth/0002.json": json.dumps(FORUM).encode(),
        "dev/html/0001.html.gz": gzip.compress(HTML),
    },
}


def git(folder: Path, *words: str) -> str:
    identity = ["-c", "user.name=n", "-c", "user.email=n@trade.example"]
    command = ["git", "-C", str(folder), *identity, *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def publish(tmp_path: Path) -> Callable[[Corpus], Corpus]:
    """Return a function that gives a corpus a bare repository with its files on this machine."""

    def make(corpus: Corpus) -> Corpus:
        work, bare = tmp_path / f"{corpus.name}-work", tmp_path / f"{corpus.name}.git"
        for name, content in FILES[corpus.name].items():
            (work / name).parent.mkdir(parents=True, exist_ok=True)
            (work / name).write_bytes(content)
        git(work, "init", "-q")
        git(work, "add", ".")
        git(work, "commit", "-qm", "pages")
        git(tmp_path, "clone", "-q", "--bare", str(work), str(bare))
        return replace(corpus, repository=bare.as_uri(), commit=git(work, "rev-parse", "HEAD"))

    return make


@pytest.mark.parametrize("corpus", CORPORA, ids=lambda corpus: corpus.name)
def test_a_corpus_is_written_as_the_benchmarks_read_it(
    corpus: Corpus, publish: Callable[[Corpus], Corpus], tmp_path: Path
) -> None:
    assert fetch_corpus(publish(corpus), tmp_path) == 1
    (row,) = read_set(tmp_path / corpus.name)
    assert (row["url"], row["text"], row["lang"], row["body"]) == (URL, TEXT, "en", HTML)
    assert row.get("date", "2026-11-02") == "2026-11-02"
    assert row.get("author", "") == ""


def test_a_commit_that_is_not_there_leaves_nothing(
    publish: Callable[[Corpus], Corpus], tmp_path: Path
) -> None:
    corpus = replace(publish(CORPORA[0]), commit="0" * 40)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(subprocess.CalledProcessError):
        fetch_corpus(corpus, tmp_path)
    assert sorted(tmp_path.iterdir()) == before


def test_a_page_cannot_be_written_elsewhere(publish: Callable[[Corpus], Corpus], tmp_path: Path) -> None:
    def read(_: Path) -> Iterator[LabelledPage]:
        yield LabelledPage("../../p1", HTML, {"url": URL, "text": TEXT})

    with pytest.raises(ValueError, match="no name of a page"):
        fetch_corpus(replace(publish(CORPORA[0]), read=read), tmp_path)
    assert not (tmp_path / CORPORA[0].name).exists()
