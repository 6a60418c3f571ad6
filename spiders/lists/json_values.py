"""Values of JSON by their path, and templates with such paths in braces."""

import json
import re
from collections.abc import Mapping
from typing import Any

PLACE = re.compile(r"\{([^{}]+)\}")
PAGE = "{page}"


def load_json(body: bytes) -> Any:
    """Return the value of a JSON text, whose strings may have control characters as they are. Raises
    `ValueError` or `RecursionError` for anything else."""
    return json.loads(body, strict=False)


def list_values(value: Any) -> list[Any] | None:
    """Return the values of an array, or of an object whose names are all numbers, which is how PHP writes an
    array with gaps; None for anything else."""
    if isinstance(value, dict) and value and all(name.isdigit() for name in value):
        return list(value.values())
    return value if isinstance(value, list) else None


def get_by_path(value: Any, path: str) -> Any:
    """Return the value at a path such as `data.items` or `links.0.url`, None if there is none, or no path; a
    name that itself has dots counts first."""
    if not path:
        return None
    if isinstance(value, dict) and path in value:
        return value[path]
    for key in path.split("."):
        if isinstance(value, list) and key.isdigit():
            value = value[int(key)] if int(key) < len(value) else None
        else:
            value = value.get(key) if isinstance(value, dict) else None
    return value


def write_date(value: Any) -> str:
    """Return a date of JSON as text; empty without one.

    Some systems write an array of numbers (`[2026, 11, 9, 9, 30]`), others an object, in which the moment is
    the longest value: `{"$date": ...}`, `{"seconds": ..., "nanoseconds": 0}`, or has its zone beside it:
    `{"date": ..., "timezone": ...}`.
    """
    if isinstance(value, dict):
        moment = max((str(one) for one in value.values()), key=len, default="")
        zone = value.get("timezone")
        return f"{moment} {zone}" if isinstance(zone, str) and zone != moment else moment
    if isinstance(value, list) and len(value) >= 3 and all(isinstance(one, int) for one in value):
        numbers = [f"{one:02}" for one in value[:6]]
        return f"{'-'.join(numbers[:3])} {':'.join(numbers[3:])}".strip()
    return str(value or "")


def list_paths(template: str) -> list[str]:
    """Return the paths in braces."""
    return PLACE.findall(template)


def fill_template(template: str, row: Any) -> str:
    """Return a template with the values of a row in place of their paths; empty if one is missing."""
    values = {path: get_by_path(row, path) for path in list_paths(template)}
    if any(value in (None, "") or isinstance(value, (dict, list)) for value in values.values()):
        return ""
    return PLACE.sub(lambda match: str(values[match[1]]), template)


def fill_template_values(value: Any, row: Any) -> Any:
    """Return JSON in which each string is a template; one that is a single path gives the value itself."""
    if isinstance(value, Mapping):
        return {key: fill_template_values(one, row) for key, one in value.items()}
    if isinstance(value, list):
        return [fill_template_values(one, row) for one in value]
    if not isinstance(value, str):
        return value
    single = PLACE.fullmatch(value)
    found = get_by_path(row, single[1]) if single else None
    return found if found is not None else fill_template(value, row) if list_paths(value) else value


def has_page_number(*values: Any) -> bool:
    """Return whether a URL, a form or a body has a place for the number of the page."""
    return any(PAGE in str(value) for value in values)


def set_page_number(value: Any, number: int) -> Any:
    """Return a URL, a form or a body with the number of the page in place of `{page}`."""
    if isinstance(value, Mapping):
        return {key: set_page_number(one, number) for key, one in value.items()}
    if isinstance(value, list):
        return [set_page_number(one, number) for one in value]
    if value == PAGE:
        return number
    return value.replace(PAGE, str(number)) if isinstance(value, str) else value
