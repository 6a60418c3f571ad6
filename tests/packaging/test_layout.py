"""Packages import each other in one direction only, and the wheel has all of them."""

import ast
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = {"storage/text"}
STORAGE = {
    "storage",
    "storage/addresses",
    "storage/briefing",
    "storage/cluster",
    "storage/configuration",
    "storage/crawl_log",
    "storage/maintenance",
    "storage/schema",
    "storage/search",
    "storage/spreadsheets",
    "storage/warc",
    "storage/watches",
    *TEXT,
}
SPIDERS = {
    "spiders",
    "spiders/decoding",
    "spiders/http",
    "spiders/lists",
    "spiders/readers",
    "spiders/workers",
    *STORAGE,
}
STEPS = {"pipelines/parsing", "pipelines/nlp", "spiders/decoding", *STORAGE}
PIPELINES = {
    "pipelines",
    "pipelines/extraction",
    "pipelines/metadata",
    "pipelines/metadata/authors",
    "pipelines/metadata/dates",
    "pipelines/deduplication",
    "pipelines/stories",
    *STEPS,
    *SPIDERS,
}
SCHEDULER = {"scheduler", "scheduler/crawls", *STORAGE}
# Each package with the packages whose files it may import, besides its own.
MAY_IMPORT = {
    "storage/text": set(),
    "storage/schema": {"storage/search", *TEXT},
    "storage/search": TEXT,
    "storage/spreadsheets": TEXT,
    "storage/warc": set(),
    "storage": {"storage/warc", "storage/schema", "storage/search", *TEXT},
    "storage/addresses": {"storage", *TEXT},
    "storage/briefing": TEXT,
    "storage/crawl_log": {"storage", *TEXT},
    "storage/cluster": {"storage", "storage/crawl_log", *TEXT},
    "storage/configuration": {"storage", *TEXT},
    "storage/watches": {"storage", "storage/configuration", "storage/search", *TEXT},
    "storage/maintenance": {
        "storage",
        "storage/configuration",
        "storage/crawl_log",
        "storage/schema",
        *TEXT,
    },
    "storage/datasette/access": {"storage/search", *TEXT},
    "storage/datasette/pages": {
        "storage",
        "storage/briefing",
        "storage/configuration",
        "storage/datasette/access",
        "storage/search",
        "storage/watches",
        *TEXT,
    },
    "storage/datasette": {
        "storage",
        "storage/briefing",
        "storage/datasette/access",
        "storage/datasette/pages",
        "storage/search",
        "storage/spreadsheets",
        *TEXT,
    },
    "spiders/decoding": STORAGE,
    "spiders/workers": STORAGE,
    "spiders/http": {"spiders/decoding", "spiders/workers", *STORAGE},
    "spiders/lists": {"spiders", "spiders/decoding", *STORAGE},
    "spiders/readers": {"spiders", "spiders/decoding", "spiders/lists", "spiders/workers", *STORAGE},
    "spiders": SPIDERS,
    "spiders/sources": {"spiders"},
    "spiders/discovery/links": SPIDERS,
    "spiders/discovery": {"spiders/discovery/links", *SPIDERS},
    "spiders/user_sources": {"spiders/discovery", *SPIDERS},
    "pipelines/parsing": {"spiders/decoding", *STORAGE},
    "pipelines/nlp": TEXT,
    "pipelines/extraction": STEPS,
    "pipelines/metadata/dates": {"pipelines/extraction", *STEPS},
    "pipelines/metadata/authors": {"pipelines/metadata/dates", *STEPS},
    "pipelines/metadata": {
        "pipelines/extraction",
        "pipelines/metadata/authors",
        "pipelines/metadata/dates",
        *STEPS,
    },
    "pipelines/deduplication": {"pipelines/extraction", *STEPS},
    "pipelines/stories": STEPS,
    "pipelines": PIPELINES,
    "pipelines/batch": PIPELINES,
    "pipelines/cluster": PIPELINES,
    "scheduler/crawls": STORAGE,
    "scheduler/notifications": {"scheduler", *STORAGE},
    "scheduler": {"scheduler/crawls", *STORAGE},
    "scheduler/cluster": SCHEDULER,
    "commands/common": {"spiders", "spiders/http", "spiders/user_sources", *STORAGE},
    "commands/cluster": {
        "commands/common",
        "pipelines/batch",
        "pipelines/cluster",
        "scheduler/cluster",
        "spiders/user_sources",
        *PIPELINES,
        *SCHEDULER,
    },
    "commands/imports": {"commands/cluster", "commands/common", "pipelines/batch", *PIPELINES},
    "commands/reports": {"commands/common", *STORAGE},
    "commands/maintenance": {"commands/common", *PIPELINES},
    "commands/sources": {
        "commands",
        "commands/common",
        "spiders/discovery",
        "spiders/user_sources",
        *PIPELINES,
    },
    "commands": {
        "commands/common",
        "commands/cluster",
        "commands/imports",
        "pipelines/batch",
        "pipelines/cluster",
        "scheduler/cluster",
        "scheduler/notifications",
        "storage/datasette",
        "storage/datasette/access",
        *PIPELINES,
        *SCHEDULER,
    },
}
# Anybody may read the declaration of an article's fields and the forms of dates, which lists and pages share.
SHARED = {
    "shopwire.pipelines.article",
    "shopwire.pipelines.metadata.dates.clocks",
    "shopwire.pipelines.metadata.dates.date_formats",
    "shopwire.pipelines.metadata.dates.machine_dates",
    "shopwire.pipelines.nlp.number_words",
}
LARGEST_FOLDER = 12


def list_packages() -> list[str]:
    """Return the folders of all packages, relative to the root."""
    return sorted(
        str(path.parent.relative_to(ROOT))
        for top in ("commands", "pipelines", "scheduler", "spiders", "storage")
        for path in (ROOT / top).rglob("__init__.py")
    )


def find_imported_packages(path: Path) -> set[str]:
    """Return the packages of shopwire of which a file imports something."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    modules = {name for name in names - SHARED if name.startswith("shopwire.")}
    paths = {ROOT / name.removeprefix("shopwire.").replace(".", "/") for name in modules}
    return {str(one.parent.relative_to(ROOT)) for one in paths if one.with_suffix(".py").exists()}


def test_every_package_has_its_place_in_the_order() -> None:
    assert sorted(MAY_IMPORT) == list_packages()


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_run_one_way(package: str) -> None:
    allowed = {package, *MAY_IMPORT[package]}
    wrong = {
        path.name: others
        for path in (ROOT / package).glob("*.py")
        if (others := find_imported_packages(path) - allowed)
    }
    assert wrong == {}


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_folder_is_seen_at_a_glance(package: str) -> None:
    files = [path for path in (ROOT / package).glob("*.py") if path.name != "__init__.py"]
    assert len(files) <= LARGEST_FOLDER


def test_the_wheel_takes_every_package() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    assert declared["package-dir"] == {"shopwire": "."}
    assert declared["packages"] == [f"shopwire.{name.replace('/', '.')}" for name in list_packages()]


BENCHES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in (ROOT / "bench").rglob("*.py")
    if path.stem != "__main__"
)


@pytest.mark.parametrize("bench", BENCHES)
def test_every_bench_can_be_imported(bench: str) -> None:
    if bench == "bench.fuzz":
        pytest.importorskip("atheris", reason="atheris belongs to the group `fuzz`")
    import_module(bench)


def test_every_top_package_has_its_link_for_the_type_checker() -> None:
    links = {path.name: str(path.readlink()) for path in (ROOT / "typings/shopwire").iterdir()}
    assert links == {name: f"../../{name}" for name in MAY_IMPORT if "/" not in name}
