"""Write tables of `sources.toml`; what is in the file already, comments too, stays as it is."""

import json
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from urllib.parse import urlsplit

# Parts of a host that are no name: they are left out.
NO_NAMES = frozenset(
    ("www", "m", "com", "co", "net", "org", "gov", "edu", "ac", "or", "ne", "go", "feeds", "feed", "rss")
)


def build_name(url: str, taken: Collection[str]) -> str:
    """Return a name for the source of a URL that is not taken: `example` for https://www.example.co.uk/."""
    labels = (urlsplit(url).hostname or "").split(".")
    own = [label for label in labels[:-1] or labels if label not in NO_NAMES]
    name = re.sub(r"[^a-z0-9]+", "_", (own[-1] if own else labels[0]).lower()).strip("_") or "source"
    number, unique = 1, name
    while unique in taken:
        number += 1
        unique = f"{name}_{number}"
    return unique


def format_table(name: str, values: Mapping[str, Any]) -> str:
    """Return the TOML of a source."""
    lines = [f"[sources.{name}]", *(f"{key} = {format_value(value)}" for key, value in values.items())]
    return "\n".join(lines) + "\n"


def format_value(value: Any) -> str:
    """Return a value in TOML (https://toml.io/en/v1.0.0): a string of JSON is one of TOML, but for DEL."""
    if isinstance(value, Mapping):
        pairs = (f"{format_value(str(key))} = {format_value(one)}" for key, one in value.items())
        return f"{{ {', '.join(pairs)} }}" if value else "{}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(format_value, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def append_tables(path: Path, tables: str) -> None:
    """Append tables to a file, which is whole at every moment. Raise `OSError` if that cannot be done."""
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    between = "" if not before else "\n" if before.endswith("\n") else "\n\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=path.parent, prefix=path.name, delete=False, encoding="utf-8") as file:
        file.write(before + between + tables)
    written = Path(file.name)
    written.chmod(path.stat().st_mode if path.exists() else 0o644)
    written.replace(path.resolve())
