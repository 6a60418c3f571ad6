"""The marker of the visits in a terminal: a small file of the user, one line for each store."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from shopwire.commands.common.whole_files import replace_when_complete
from shopwire.storage.database import Store
from shopwire.storage.search.visits import continue_visit, parse_visit
from shopwire.storage.watches.matches import find_newest_id

FILE = Path("shopwire/visits.json")


def begin_visit(store: Store) -> int:
    """Return the id above which articles are new to the user, 0 in the first visit; keep the marker.

    Raises `click.ClickException` if that cannot be written.
    """
    path = get_marker_file()
    markers = _read_markers(path)
    name = str(store.path.absolute())
    last = parse_visit(str(markers.get(name, "")))
    visit = continue_visit(last, find_newest_id(store.db.conn), datetime.now(UTC))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replace_when_complete(path) as partial:
            partial.write_text(json.dumps({**markers, name: visit.write()}, indent=0), encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"cannot write {path}: {error.strerror}") from error
    return visit.after if visit.before else 0


def get_marker_file() -> Path:
    """Return the file of the markers, in the folder for the state of programs (XDG base directories)."""
    folder = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    return Path(folder).expanduser() / FILE


def _read_markers(path: Path) -> dict[str, Any]:
    try:
        markers = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return markers if isinstance(markers, dict) else {}
