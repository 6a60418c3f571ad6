"""Fuzz extraction, guided by coverage, with atheris (libFuzzer for Python):

    pip install --group fuzz --constraint constraints.txt
    python -m bench.fuzz FOLDER [-max_total_time=1800] [more options of libFuzzer's]

Starts from the pages of the tests, writes inputs that reach new code to FOLDER/corpus, and those that
fail, hang or take too much memory to FOLDER. An input is a Content-Type, a line end and a body. It ends at
the first failure; add the input, made as small as possible, to `tests/pipelines/test_fuzzing_finds.py`.
"""

import re
import sys
from datetime import timedelta
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["shopwire"]):
    from shopwire.pipelines.article import Article, Refusal
    from shopwire.pipelines.extract_article import extract_article
    from shopwire.storage.text.characters import CONTROLS

from tests.faults import pages
from tests.support.makers import FETCHED, a_page

TESTS = Path(__file__).parent.parent / "tests"
OPTIONS = ["-timeout=10", "-rss_limit_mb=2000", "-max_len=60000", "-use_value_profile=1"]
UNSAFE = re.compile(f"[{CONTROLS}]")
LATEST = FETCHED + timedelta(days=1)
SMALL = [pages.SOFT_404, pages.LOGIN, pages.SURROGATES, pages.MARKUP, pages.NUL, pages.article("a")]


def check_input(data: bytes) -> None:
    """Extract one input. Raises `AssertionError` if the result is no valid article."""
    content_type, _, body = data.partition(b"\n")
    page = a_page(body=body, content_type=content_type.decode("latin-1"))
    result = extract_article(page)
    if isinstance(result, Refusal):
        assert result.reason.isprintable(), result.reason
        result.reason.encode()
        return
    assert isinstance(result, Article)
    assert result.text.strip(), "an article without text"
    assert result.published[:10] <= f"{LATEST:%Y-%m-%d}", result.published
    for value in (result.title, result.text, result.author, result.editor, result.origin):
        value.encode()
        assert not UNSAFE.search(value), value


def read_seeds() -> dict[str, bytes]:
    """Return the pages of the tests by name."""
    found = {f"made-{at}": b"text/html\n" + body for at, body in enumerate(SMALL)}
    for path in sorted((TESTS / "pages").glob("*.html")):
        found[path.name] = b"text/html; charset=utf-8\n" + path.read_bytes()
    for path in sorted((TESTS / "seeds").glob("*.txt")):
        found[path.name] = b"text/plain\n" + path.read_bytes()
    return found


def main() -> None:
    """Fuzz until stopped, or until an input fails."""
    folder = Path(sys.argv[1])
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for name, data in read_seeds().items():
        (corpus / name).write_bytes(data)
    options = [*OPTIONS, f"-artifact_prefix={folder}/", *sys.argv[2:]]
    atheris.Setup([sys.argv[0], *options, str(corpus)], check_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
