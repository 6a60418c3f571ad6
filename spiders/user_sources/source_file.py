"""Read the tables of `sources.toml`, each on its own: an error in one does not stop the others."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shopwire.storage.configuration.toml import parse_toml
from shopwire.storage.paths import get_home

FILE_NAME = "sources.toml"
LARGEST_FILE = 5 * 1024 * 1024
# A header such as `[sources.NAME]`; `[sources.NAME.aliases]` belongs to the table before it.
# A missing bracket is left to the parser.
HEADER = re.compile(
    r"""^[ \t]*\[[ \t]*sources[ \t]*\.[ \t]*("[^"\n]*"|'[^'\n]*'|[\w-]+)[ \t]*(?=\]|$)""", re.MULTILINE
)
POSITION = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)")


@dataclass(frozen=True, slots=True)
class SourceTable:
    """One table: its name, the attributes as written, and the text with the number of its first line."""

    name: str
    values: dict[str, Any]
    text: str
    line: int

    def find_line(self, key: str) -> int:
        """Return the number of the line that sets a key; that of the header if there is none."""
        quoted = rf"""(?:{re.escape(key)}|"{re.escape(key)}"|'{re.escape(key)}')"""
        found = re.search(rf"^[ \t]*(?:\[.*\.\s*)?{quoted}\s*[=\].]", self.text, re.MULTILINE)
        return self.line + self.text.count("\n", 0, found.start() if found else 0)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in the file, where, and what to do; `table` is empty for the file itself."""

    path: Path
    line: int
    table: str
    text: str

    def __str__(self) -> str:
        place = f"{self.path}, line {self.line}" if self.line else str(self.path)
        return f"{place}: [sources.{self.table}] {self.text}" if self.table else f"{place}: {self.text}"


def get_source_file() -> Path:
    """Return the path of the file, beside the store."""
    return get_home() / FILE_NAME


def read_tables(path: Path) -> tuple[list[SourceTable], list[Problem]]:
    """Return the tables of a file in their order, and its problems; none of both if there is no file."""
    try:
        with path.open("rb") as file:
            body = file.read(LARGEST_FILE + 1)
        text = body.decode("utf-8").replace("\r\n", "\n")
    except FileNotFoundError:
        return [], []
    except OSError as error:
        return [], [Problem(path, 0, "", f"cannot be read: {error.strerror}")]
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        return [], [Problem(path, line, "", "is not UTF-8: save the file in that encoding")]
    if len(body) > LARGEST_FILE:
        return [], [Problem(path, 0, "", f"is larger than {LARGEST_FILE:,} bytes")]
    tables: dict[str, SourceTable] = {}
    problems = []
    for item in _list_tables(path, text):
        if isinstance(item, Problem):
            problems.append(item)
        elif item.name in tables:
            first = tables[item.name].line
            reason = f"is defined twice: the table of line {first} is used; rename or remove this one"
            problems.append(Problem(path, item.line, item.name, reason))
        else:
            tables[item.name] = item
    return list(tables.values()), problems


def _list_tables(path: Path, text: str) -> Iterator[SourceTable | Problem]:
    """Yield each table, or its problem."""
    headers = list(HEADER.finditer(text))
    starts = [0, *(header.start() for header in headers), len(text)]
    names = ["", *(header[1].strip("\"'") for header in headers)]
    for name, start, end in zip(names, starts, starts[1:], strict=False):
        part, line = text[start:end], text.count("\n", 0, start) + 1
        try:
            found = parse_toml(part)
        except ValueError as error:
            yield _describe_syntax_error(path, name, part, line, str(error))
            continue
        tables = found.pop("sources", {})
        for other in found:
            reason = f"{other!r} is not read here: each source is a table [sources.NAME]"
            yield Problem(path, line, "", reason)
        if not isinstance(tables, dict):
            yield Problem(path, line, "", "'sources' must be tables [sources.NAME]")
            continue
        for key, values in tables.items():
            if isinstance(values, dict):
                yield SourceTable(key, values, part, line)
            else:
                yield Problem(path, line, key, "must be a table of attributes")


def _describe_syntax_error(path: Path, name: str, part: str, line: int, message: str) -> Problem:
    """Return the problem of a table that is not TOML, with the line counted from the top of the file."""
    found = POSITION.search(message)
    below = int(found[1]) if found and found[1] else part.rstrip().count("\n") + 1
    return Problem(path, line + below - 1, name, f"is not TOML: {POSITION.sub('', message)}")
