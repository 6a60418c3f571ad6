"""Reads the configuration: `$SHOPWIRE_HOME/shopwire.toml`, and `SHOPWIRE_*` variables over it."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, fields, replace
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any

from shopwire.storage.configuration.options import FORMS, Configuration, Watch
from shopwire.storage.configuration.toml import parse_toml
from shopwire.storage.errors import StoreError
from shopwire.storage.paths import get_home

FILE = "shopwire.toml"
PREFIX = "SHOPWIRE_"
DEFAULT = "default"
WATCHES = "watches"
SECTIONS: Mapping[str, Any] = {one.name: one.default for one in fields(Configuration) if one.name != WATCHES}
# A watch is a part of an address, /watch/NAME.
NARROWING = ("words", "entities", "sources", "language", "least_sources")
"""The options of a watch that choose articles."""
WATCH_NAME = re.compile(r"\w[\w -]{0,59}")
NOTHING: Mapping[str, str] = MappingProxyType({})


class ConfigurationError(StoreError):
    """Raised for an option that is unknown or wrong; the message says where, and what is right."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option in force: its value, and where it comes from."""

    section: str
    field: Field[Any]
    value: Any
    origin: str

    @property
    def variable(self) -> str:
        """Return the environment variable that sets this option, "" for an option of a watch."""
        return f"{PREFIX}{self.field.name.upper()}" if self.section in SECTIONS else ""


def load_configuration(path: Path | None = None) -> Configuration:
    """Return the configuration in force; `path` replaces the file. Raises `ConfigurationError`."""
    sections = dict(SECTIONS)
    for option in list_options(path):
        section = sections.get(option.section, Watch())
        sections[option.section] = replace(section, **{option.field.name: option.value})
    watches = {name: sections.pop(name) for name in list(sections) if name not in SECTIONS}
    named = {name.partition(".")[2]: watch for name, watch in watches.items()}
    return Configuration(**sections, watches=named)


def list_options(path: Path | None = None, environment: Mapping[str, str] | None = None) -> list[Option]:
    """Return every option in force; `path` and `environment` replace those of this process.

    Raises `ConfigurationError` for a file that cannot be read, an unknown key and a wrong value.
    """
    path = path or get_home() / FILE
    environment = os.environ if environment is None else environment
    text = _read_text(path)
    written = _parse(path, text)
    watches = _take_watches(path, text, written)
    declared = {**SECTIONS, **dict.fromkeys(watches, Watch())}
    _refuse_unknown(path, text, written | watches, declared)
    options = list(_resolve_options(path, text, written | watches, environment, declared))
    _refuse_empty_watches(path, text, options, watches)
    return options


def find_misspelled_variables(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that have almost the name of an option, and so no effect, with that name."""
    known = [f"{PREFIX}{field.name.upper()}" for section in SECTIONS.values() for field in fields(section)]
    unknown = sorted(name for name in environment if name.startswith(PREFIX) and name not in known)
    near = {name: get_close_matches(name, known, n=1, cutoff=0.85) for name in unknown}
    return {name: found[0] for name, found in near.items() if found}


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"cannot read {path}: {error}; check its permissions, and that it is UTF-8"
        ) from error


def _parse(path: Path, text: str) -> dict[str, Any]:
    try:
        return parse_toml(text)
    except ValueError as error:
        raise ConfigurationError(f"{path} is not valid TOML: {error}") from error


def _take_watches(path: Path, text: str, written: dict[str, Any]) -> dict[str, Any]:
    """Remove the watches from what is written, and return them as sections `watches.NAME`."""
    where = f"{path}, line {_find_line(text, '', WATCHES)}"
    watches = written.pop(WATCHES, {})
    if not isinstance(watches, dict):
        raise ConfigurationError(f"{where}: write a section [watches.NAME] for each watch")
    for name, watch in watches.items():
        if not isinstance(watch, dict):
            raise ConfigurationError(f"{where}: {name!r} needs the name of a watch: write [watches.NAME]")
        if not WATCH_NAME.fullmatch(name):
            raise ConfigurationError(
                f"{where}: the name {name!r} of a watch must be letters, digits, spaces, - and _, 60 at most"
            )
    return {f"{WATCHES}.{name}": watch for name, watch in watches.items()}


def _refuse_empty_watches(path: Path, text: str, options: list[Option], watches: Mapping[str, Any]) -> None:
    """Raise `ConfigurationError` for a watch that would match every article."""
    chosen = {
        one.section for one in options if one.field.name in NARROWING and one.value != one.field.default
    }
    for section in watches:
        if section not in chosen:
            where = f"{path}, line {_find_line(text, '', section)}"
            raise ConfigurationError(f"{where}: [{section}] needs one of {', '.join(NARROWING)}")


def _refuse_unknown(path: Path, text: str, written: Mapping[str, Any], declared: Mapping[str, Any]) -> None:
    """Raise `ConfigurationError` for the first section or key that is not declared."""
    sections = {name: {key.name for key in fields(one)} for name, one in declared.items()}
    for section, values in written.items():
        where = f"{path}, line {_find_line(text, '', section)}"
        if section not in sections:
            raise ConfigurationError(f"{where}: {_suggest(section, sections)}")
        if not isinstance(values, dict):
            raise ConfigurationError(f"{where}: {section} must be a section: write [{section}]")
        for key in values:
            if key not in sections[section]:
                where = f"{path}, line {_find_line(text, section, key)}"
                raise ConfigurationError(f"{where}: {_suggest(key, sections, section)}")


def _suggest(name: str, sections: Mapping[str, set[str]], section: str = "") -> str:
    """Return what to write for an unknown section, or an unknown key of a section."""
    places = {f"[{one}]" if not section else one: one for one in (sections[section] if section else sections)}
    elsewhere = {key: f"{key} in [{one}]" for one, keys in sections.items() for key in keys}
    unknown = f"unknown key {name!r} in [{section}]" if section else f"unknown section or key {name!r}"
    names = {one: text for text, one in places.items()}
    for known in (names, elsewhere):
        if close := get_close_matches(name.lower().replace("-", "_"), known, n=1, cutoff=0.6):
            return f"{unknown}; did you mean {known[close[0]]}?"
    return f"{unknown}; known are {', '.join(sorted(places))}"


def _resolve_options(
    path: Path,
    text: str,
    written: Mapping[str, Any],
    environment: Mapping[str, str],
    declared: Mapping[str, Any],
) -> Iterator[Option]:
    for section, defaults in declared.items():
        for field in fields(defaults):
            option = Option(section, field, field.default, DEFAULT)
            given = written.get(section, NOTHING)
            if field.name in given:
                origin = f"{path}, line {_find_line(text, section, field.name)}"
                option = replace(option, value=_check(option, given[field.name], origin), origin=origin)
            # An empty variable is one that a service file leaves open; an empty password is refused later.
            if variable := environment.get(option.variable):
                value = _check(option, _parse_variable(option, variable), option.variable)
                option = replace(option, value=value, origin=option.variable)
            yield option


def _parse_variable(option: Option, text: str) -> object:
    """Return the value of an environment variable as TOML would give it; the text itself if it is no such
    value."""
    default = option.field.default
    if isinstance(default, bool):
        return {"1": True, "true": True, "0": False, "false": False}.get(text.lower(), text)
    if isinstance(default, tuple):
        return [part.strip() for part in text.split(",") if part.strip()]
    if isinstance(default, int | float):
        try:
            return type(default)(text)
        except ValueError:
            return text
    return text


def _check(option: Option, value: Any, origin: str) -> Any:
    """Return a value in the type of its option. Raises `ConfigurationError`."""
    expected = _find_fault(option, value)
    if expected:
        shown = "" if option.field.metadata["secret"] else f", not {value!r:.60}"
        raise ConfigurationError(f"{origin}: {option.field.name} must be {expected}{shown}")
    if isinstance(option.field.default, tuple):
        return tuple(value)
    return float(value) if isinstance(option.field.default, float) else value


def _find_fault(option: Option, value: Any) -> str:
    """Return what a value must be, empty if it is."""
    default, more = option.field.default, option.field.metadata
    if isinstance(default, bool):
        return "" if isinstance(value, bool) else "true or false"
    if isinstance(default, int | float):
        kinds = (int, float) if isinstance(default, float) else (int,)
        is_number = isinstance(value, kinds) and not isinstance(value, bool)
        if is_number and more["least"] <= value <= more["most"]:
            return ""
        return (
            f"a{' whole' if isinstance(default, int) else ''} number from {more['least']} to {more['most']}"
        )
    is_right, expected = FORMS.get(more["form"], (bool, ""))
    if isinstance(default, tuple):
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            return 'a list of texts, such as ["news.example.com"]'
        return "" if all(map(is_right, value)) else expected
    if not isinstance(value, str) or not value.isprintable():
        return "a text in one line"
    return "" if not value or is_right(value) else expected


def _find_line(text: str, section: str, key: str) -> int:
    """Return the number of the line where a key of a section is written, or the section itself if `section`
    is empty; 1 if it is not found."""
    name, start = (rf"[\"']?{re.escape(one)}[\"']?" for one in (key, section))
    current = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if header := re.match(r"\s*\[+([^\]]+)", line):
            current = re.sub(r"[\"']|(?<=\.)\s+|\s+(?=\.)", "", header[1]).strip()
        if not section:
            is_found = bool(header and (current == key or current.startswith(f"{key}."))) or bool(
                re.match(rf"\s*{name}\s*[=.]", line)
            )
        elif current == section:
            is_found = bool(re.match(rf"\s*{name}\s*[=.]", line))
        else:
            is_found = bool(re.match(rf"\s*{start}\s*(\.|=.*[{{,])\s*{name}\s*=", line))
        if is_found:
            return number
    return 1
