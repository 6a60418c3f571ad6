"""A power cut or a failed write at any call leaves no row without its page in the archive."""

import shutil
import sys
from pathlib import Path

import pytest

from tests.faults.disk import Call, Disk, build_shim, cut_power, fail_writes

BEFORE, PAGES, POINTS = 2, 4, 8
COMPILED = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("cc") is None, reason="a shared library is compiled for Linux"
)


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_shim(tmp_path_factory.mktemp("shim"))


@COMPILED
@pytest.mark.fault("42f", "Power cut while writing; unsynced data is lost or torn", "each row has its page")
def test_a_power_cut_leaves_no_row_without_its_page(shim: Path) -> None:
    for before in (0, BEFORE):
        calls, lasting, problems = cut_power(shim, before, PAGES, POINTS)
        assert calls > 50
        assert lasting > before
        assert problems == []


@COMPILED
@pytest.mark.fault("42g", "The n-th write fails, with EIO or without space", "nothing half, nothing lost")
def test_a_write_that_fails_leaves_nothing_half(shim: Path) -> None:
    assert fail_writes(shim, BEFORE, PAGES, [1, 20, 60, 100]) == []


def rebuild(*calls: Call, folder: Path) -> dict[str, bytes]:
    disk = Disk()
    for call in calls:
        disk.do(call)
    disk.write_to("/r", folder, None)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_rebuilt_disk_has_what_was_synced_under_names_that_were(tmp_path: Path) -> None:
    write, more = Call("W", "/r/a", 0, b"one"), Call("W", "/r/a", 3, b"two")
    data, names = Call("S", "/r/a", 0, b""), Call("S", "/r", 0, b"")
    folders = iter([tmp_path / str(number) for number in range(6)])

    def check(*calls: Call) -> dict[str, bytes]:
        folder = next(folders)
        folder.mkdir()
        return rebuild(*calls, folder=folder)

    assert check(write, data) == {}
    assert check(write, names) == {"a": b""}
    assert check(write, data, names, more) == {"a": b"one"}
    assert check(write, more, data, names) == {"a": b"onetwo"}
    assert check(write, Call("T", "/r/a", 5, b""), data, names) == {"a": b"one\0\0"}
    assert check(write, data, names, Call("U", "/r/a", 0, b"")) == {}
