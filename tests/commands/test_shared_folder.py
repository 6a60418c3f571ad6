"""Names of files in a message lead nowhere but into the folder that all machines share."""

from pathlib import Path

import pytest

from shopwire.commands.cluster.shared_folder import resolve_shared
from shopwire.storage.cluster.wire import WireError

pytest.importorskip("celery")
from shopwire.commands.cluster.refine import read_part_name


def test_a_name_is_that_of_a_file_in_the_folder(tmp_path: Path) -> None:
    assert resolve_shared(tmp_path, "parts/one.part") == tmp_path / "parts/one.part"


@pytest.mark.parametrize(
    "name", ["../one", "/etc/passwd", "", ".", "parts/../../x", "link/x", "a\0b", None, 3, "x" * 9000]
)
def test_a_name_that_leads_out_is_refused(tmp_path: Path, name: object) -> None:
    (tmp_path / "link").symlink_to("/")
    with pytest.raises(WireError):
        resolve_shared(tmp_path, name)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b'[[], {"file": "a", "part": "b"}, {}]', "b"),
        (b"[[], {}, {}]", ""),
        (b"{}", ""),
        (b"no", ""),
        (b"7", ""),
    ],
)
def test_the_part_of_a_task_is_read(body: bytes, name: str) -> None:
    assert read_part_name(body) == name
