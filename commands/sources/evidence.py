"""What is known of each shipped source: `spiders/sources/evidence.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

FILE = files("shopwire.spiders.sources") / "evidence.toml"


@dataclass(frozen=True, slots=True)
class Evidence:
    """How sure it is that a source works: `confidence` is high, medium or low, `seen` the date when it was
    last seen to work or described, empty if that is unknown, `evidence` who saw it."""

    confidence: str
    seen: str
    evidence: tuple[str, ...]


@cache
def load_evidence() -> dict[str, Evidence]:
    """Return the evidence of each source by its name."""
    tables = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {
        name: Evidence(table["confidence"], table["seen"], tuple(table["evidence"]))
        for name, table in tables.items()
    }
