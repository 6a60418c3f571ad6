"""The schema, as steps that are only ever appended to.

The steps stand in `steps/*.sql`, each below a line `-- step: NAME`; sqlite-utils applies the pending
ones in order and records them. `docs/schema.md` is generated from the result.
"""

import re
from hashlib import sha256
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from shopwire.storage.schema.checksum import compute_checksum
from shopwire.storage.search.full_text import build_index_text

STEP = re.compile(r"^-- step: (\w+)\n", re.MULTILINE)

migrations = Migrations("shopwire")
STEP_NAMES: list[str] = []
"""The names of all steps, in their order."""


def hash_listener(url: str) -> str:
    """Return the name of a webhook in the store: its URL may be a secret, and Datasette shows the tables."""
    return sha256(url.encode()).hexdigest()


def _register_steps(folder: Path) -> None:
    for file in sorted(folder.glob("*.sql")):
        _, *parts = STEP.split(file.read_text(encoding="utf-8"))
        for name, script in zip(parts[::2], parts[1::2], strict=True):
            _register_step(name, script)


def _register_step(name: str, script: str) -> None:
    STEP_NAMES.append(name)

    @migrations(name=name)
    def apply_step(db: Database) -> None:
        db.register_function(hash_listener, deterministic=True)
        db.register_function(build_index_text, deterministic=True)
        db.conn.create_function("compute_checksum", -1, compute_checksum, deterministic=True)
        # `executescript` would commit the transaction.
        for statement in script.split(";\n"):
            if statement.strip():
                db.execute(statement)


_register_steps(Path(__file__).with_name("steps"))
