"""Fetch public labelled pages for the benchmarks: `python -m bench.data [FOLDER]`.

Each corpus is a git repository at one commit, whose licence is printed. Its pages are written as the
benchmarks read them: `<set>/gold.jsonl` and `<set>/<id>.html.gz` in FOLDER, by default that of
`bench.fixtures.labelled_pages`. A set that is there is kept. Needs git and a network.
"""

import gzip
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.fixtures.labelled_pages import FETCHED, GOLD
from shopwire.pipelines.nlp.language import detect_language

# What a corpus may name a page; it becomes the name of a file.
PAGE_ID = re.compile(r"[\w.-]{1,100}")


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """A page with its labels: `url`, `text`, and what the corpus has of `title`, `author` and `date`."""

    id: str
    html: bytes
    labels: dict[str, str]


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus: the commit of its repository, its licence, and what reads a checkout."""

    name: str
    repository: str
    commit: str
    licence: str
    read: Callable[[Path], Iterator[LabelledPage]]


def read_aeb(folder: Path) -> Iterator[LabelledPage]:
    """Yield the pages of article-extraction-benchmark."""
    for name, row in _load_json(folder / "ground-truth.json").items():
        html = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
        yield LabelledPage(name, html, {"url": row["url"], "text": row["articleBody"]})


def read_magic(folder: Path) -> Iterator[LabelledPage]:
    """Yield the articles of magic-html's own benchmark."""
    articles = folder / "benchmark/data/article"
    for name, row in _load_json(articles / "base.json").items():
        html = (articles / "htmls" / f"{name}.html").read_bytes()
        yield LabelledPage(name, html, {"url": row["url"], "text": row["content"]})


def read_wcxb(folder: Path) -> Iterator[LabelledPage]:
    """Yield the articles of the development half of the Web Content Extraction Benchmark."""
    for file in sorted((folder / "dev/ground-truth").glob("*.json")):
        row = _load_json(file)
        if row["_internal"]["page_type"]["primary"] != "article":
            continue
        truth = row["ground_truth"]
        labels = {"title": "title", "author": "author", "date": "publish_date", "text": "main_content"}
        found = {label: truth.get(key) or "" for label, key in labels.items()}
        html = gzip.decompress((folder / "dev/html" / f"{row['file_id']}.html.gz").read_bytes())
        yield LabelledPage(row["file_id"], html, {"url": row["url"], **found})


CORPORA = (
    Corpus(
        "aeb",
        "https://github.com/scrapinghub/article-extraction-benchmark",
        "4a3bc979f76c0df73cb95fe272e2fc1b96f9f010",
        "MIT",
        read_aeb,
    ),
    Corpus(
        "magic",
        "https://github.com/opendatalab/magic-html",
        "47d4a7fed12030e906a093b074637f178cb46ef2",
        "Apache-2.0",
        read_magic,
    ),
    Corpus(
        "wcxb",
        "https://github.com/Murrough-Foley/web-content-extraction-benchmark",
        "c039d5ee9f5a3a984a0e167e63aacd04e76e78a9",
        "CC-BY-4.0",
        read_wcxb,
    ),
)


def fetch_corpus(corpus: Corpus, folder: Path) -> int:
    """Write the pages of a corpus below `folder`, all or none of them. Return how many there are.

    Raises `subprocess.CalledProcessError` if git cannot fetch the commit.
    """
    with tempfile.TemporaryDirectory() as checkout, tempfile.TemporaryDirectory(dir=folder) as new:
        _check_out(corpus, Path(checkout))
        count = 0
        with (Path(new) / GOLD).open("w", encoding="utf-8") as gold:
            for page in corpus.read(Path(checkout)):
                if not PAGE_ID.fullmatch(page.id):
                    raise ValueError(f"{corpus.name}: {page.id!r} is no name of a page")
                (Path(new) / f"{page.id}.html.gz").write_bytes(gzip.compress(page.html, mtime=0))
                language = detect_language(page.labels["text"], page.labels.get("title", ""))
                row = {"id": page.id, "lang": language, **page.labels}
                gold.write(json.dumps(row, ensure_ascii=False) + "\n")
                count += 1
        shutil.copytree(new, folder / corpus.name)
    return count


def _check_out(corpus: Corpus, folder: Path) -> None:
    for words in (
        ["init", "--quiet"],
        ["fetch", "--quiet", "--depth=1", corpus.repository, corpus.commit],
        ["checkout", "--quiet", corpus.commit],
    ):
        subprocess.run(["git", "-C", str(folder), *words], check=True)


def _load_json(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def main() -> None:
    """Fetch the corpora that are not there. Exits with 1 if one could not be fetched."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FETCHED
    folder.mkdir(parents=True, exist_ok=True)
    failed = False
    for corpus in CORPORA:
        if (folder / corpus.name).exists():
            print(f"{corpus.name}: kept")
            continue
        try:
            count = fetch_corpus(corpus, folder)
        except subprocess.CalledProcessError as error:
            failed = True
            print(f"{corpus.name}: {error}", file=sys.stderr)
        else:
            print(f"{corpus.name}: {count} pages of {corpus.repository} ({corpus.licence})")
    sys.exit(failed)


if __name__ == "__main__":
    main()
