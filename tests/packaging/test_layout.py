"""Packages import each other in one direction only, and the wheel has all of them."""

import ast
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Each package with the packages it may import.
MAY_IMPORT = {
    "storage": {"storage"},
    "spiders": {"spiders", "storage"},
    "pipelines": {"pipelines", "spiders", "storage"},
    "scheduler": {"scheduler", "storage"},
    "commands": {"commands", "pipelines", "scheduler", "spiders", "storage"},
}


def imported_rooms(path: Path) -> set[str]:
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.append(node.module)
        elif isinstance(node, ast.Import):
            names.extend(alias.name for alias in node.names)
    return {name.split(".")[1] for name in names if name.startswith("shopwire.")}


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_imports_run_one_way(room: str) -> None:
    files = sorted((ROOT / room).rglob("*.py"))
    assert files
    strangers = {str(path.relative_to(ROOT)): imported_rooms(path) - MAY_IMPORT[room] for path in files}
    assert {path: rooms for path, rooms in strangers.items() if rooms} == {}


def test_the_wheel_takes_every_folder_of_every_room() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    packages = sorted(
        f"shopwire.{'.'.join(path.parent.relative_to(ROOT).parts)}"
        for room in MAY_IMPORT
        for path in (ROOT / room).rglob("__init__.py")
    )
    assert told["package-dir"] == {"shopwire": "."}
    assert told["packages"] == packages


BENCHES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in (ROOT / "bench").rglob("*.py")
    if path.stem != "__main__"
)


@pytest.mark.parametrize("bench", BENCHES)
def test_what_measures_the_rooms_fits_them(bench: str) -> None:
    if bench == "bench.fuzz":
        pytest.importorskip("atheris", reason="atheris belongs to the group `fuzz`")
    import_module(bench)


def test_every_room_has_its_link_for_the_type_checker() -> None:
    links = {path.name: str(path.readlink()) for path in (ROOT / "typings/shopwire").iterdir()}
    assert links == {room: f"../../{room}" for room in MAY_IMPORT}
