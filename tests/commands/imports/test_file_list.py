"""A list names WARC files, one a line; anything else is refused."""

import gzip
from pathlib import Path

import click
import pytest

from shopwire.commands.imports.file_list import list_names
from tests.commands.imports.test_pages import write

NAMES = ["crawl-data/CC-NEWS/2026/11/one.warc.gz", "https://data.example/two.WARC.gz", "three.warc"]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n"])
def test_the_names_of_a_list_are_read(tmp_path: Path, pack: type[bytes], end: str) -> None:
    listed = tmp_path / "paths"
    listed.write_bytes(pack(end.join([*NAMES, ""]).encode()))
    file = write(tmp_path / "own.warc.gz")
    assert list(list_names([listed, file])) == [*NAMES, str(file)]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n \n",
        b"a.warc.gz\na.html\n",
        b'{"url": "https://a.example/a.warc"}\n',
        b"\xff\xfe.warc",
        b"\x1f\x8b\x08\x00no gzip data.warc",
        gzip.compress(b"a.warc.gz\n" * 99, mtime=0)[:-9],
    ],
)
def test_what_is_no_list_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "list").write_bytes(content)
    with pytest.raises(click.UsageError, match="neither a WARC file nor a list"):
        list(list_names([tmp_path / "list"]))


def test_what_cannot_be_read_again_is_refused(tmp_path: Path) -> None:
    with pytest.raises(click.UsageError, match="read again"):
        list(list_names([Path("-")]))
