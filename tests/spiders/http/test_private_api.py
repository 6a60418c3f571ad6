"""Private API of Scrapy and Twisted is used in one file."""

import ast
import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import shopwire.spiders

ROOT = Path(__file__).parents[3]
PRIVATE_API = ROOT / "spiders/http/private_api.py"
FILES = [
    *ROOT.glob("spiders/**/*.py"),
    *ROOT.glob("commands/**/*.py"),
    *ROOT.glob("pipelines/*.py"),
]
LIBRARIES = ("scrapy", "twisted")
# Neither has an underscore, but no documentation names them.
UNDOCUMENTED = {"slots", "per_slot_settings", "get_slot_key"}


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def find_private_imports(tree: ast.AST) -> set[str]:
    """Return the names imported from Scrapy or Twisted of which any part is private."""
    return {
        f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(LIBRARIES)
        for alias in node.names
        if any(map(is_private, f"{node.module}.{alias.name}".split(".")))
    }


def find_attributes(tree: ast.AST, *contexts: type[ast.expr_context]) -> set[str]:
    """Return the attributes that are read or written."""
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, contexts)
    }


def find_definitions(tree: ast.AST) -> set[str]:
    """Return the names of functions, classes, variables and fields, and attributes that are written."""
    names = find_attributes(tree, ast.Store)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


TREES = {
    str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8"))
    for path in FILES
    if path != PRIVATE_API
}


def test_no_other_file_imports_a_private_name() -> None:
    found = {path: find_private_imports(tree) for path, tree in TREES.items()}
    assert {path: names for path, names in found.items() if names} == {}
    assert find_private_imports(ast.parse(PRIVATE_API.read_text(encoding="utf-8")))


def test_no_other_file_reads_a_private_attribute_that_it_does_not_define() -> None:
    # Types of lxml have such names, and a documented function of the standard library.
    foreign = {"_Element", "_ElementTree", "_exit"}
    found = {
        path: {
            name
            for name in find_attributes(tree, ast.Load)
            if (is_private(name) or name in UNDOCUMENTED) and name not in find_definitions(tree) | foreign
        }
        for path, tree in TREES.items()
    }
    assert {path: names for path, names in found.items() if names} == {}


def find_classes() -> Iterator[type]:
    for module in pkgutil.walk_packages(shopwire.spiders.__path__, "shopwire.spiders."):
        for _, found in inspect.getmembers(import_module(module.name), inspect.isclass):
            if found.__module__ == module.name and module.name != "shopwire.spiders.http.private_api":
                yield found


def test_no_class_overrides_a_private_method() -> None:
    overridden = {
        f"{found.__qualname__}.{name}"
        for found in find_classes()
        for base in found.__mro__[1:]
        if base.__module__.startswith(LIBRARIES)
        for name in vars(found)
        if is_private(name) and name in vars(base) and callable(vars(found)[name])
    }
    assert overridden == set()
