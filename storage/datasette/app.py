"""The desk itself: Datasette with our metadata, our plugin and our settings, over one live store."""

import os
from pathlib import Path
from typing import Any

import yaml
from datasette.app import Datasette
from datasette.plugins import pm
from datasette_auth_passwords.utils import hash_password

from shopwire.storage.datasette import plugin
from shopwire.storage.datasette.live_database import LiveDatabase

HERE = Path(__file__).parent
USER = "shopwire"

# Every value that is not Datasette's own, with its reason.
SETTINGS: dict[str, Any] = {
    "sql_time_limit_ms": 3000,  # on a busy machine a late answer is better than none
    "default_facet_size": 8,  # a facet list stays shorter than the first screen of rows
    "suggest_facets": False,  # each suggestion is one more scan of the store
    "truncate_cells_html": 300,  # a title of 10,000 characters must not bury the others
    "default_cache_ttl": 0,  # the store changes while it is read
    "allow_download": False,  # a WAL store copied while it is written is torn
    # Datasette's watch over the time of a query takes turns with those of the others: with more threads
    # than processors each facet takes longer than all of them one after the other.
    "num_sql_threads": max(2, min(4, os.cpu_count() or 2)),
}


def open_desk(store: Path, password: str | None = None) -> Datasette:
    """Datasette over the store at a path, which must exist and be called `shopwire.db`.

    The file is opened read-only and as mutable, so that rows committed by a crawl appear at once.
    With a password only who knows it sees anything; the user name is `shopwire`.
    """
    metadata = yaml.safe_load((HERE / "metadata.yaml").read_text(encoding="utf-8"))
    if password:
        metadata["allow"] = {"id": USER}
        metadata["plugins"]["datasette-auth-passwords"] = {
            f"{USER}_password_hash": hash_password(password)
        }
    # With rich there, Datasette prints pages of traceback for every address that it does not know.
    pm.get_plugin("datasette.handle_exception").rich = None
    if not pm.is_registered(plugin):
        pm.register(plugin, name="shopwire")
    desk = Datasette(
        [str(store)],
        metadata=metadata,
        settings=SETTINGS,
        template_dir=str(HERE / "templates"),
        static_mounts=[("desk", str(HERE / "static"))],
    )
    desk.remove_database(store.stem)
    desk.add_database(LiveDatabase(desk, path=str(store)), name=store.stem)
    return desk
