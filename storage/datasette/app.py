"""Datasette over one store, with our metadata, plugin and settings."""

import os
from collections.abc import Collection
from importlib import import_module
from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.plugins import pm

from shopwire.storage.datasette.access.login import USER, Login
from shopwire.storage.datasette.live_database import LiveDatabase
from shopwire.storage.errors import StoreError

MCP = "mcp"
"""The name under which Datasette loads datasette-mcp."""
NO_MCP = "--mcp needs the package datasette-mcp, which is not installed: pip install '.[mcp]'"
# Settings that differ from Datasette's defaults, each with its reason.
SETTINGS: dict[str, Any] = {
    "sql_time_limit_ms": 3000,  # on a busy machine a late answer is better than none
    "default_facet_size": 8,  # the facets leave room for rows on the first screen
    "suggest_facets": False,  # each suggestion is one more scan of the store
    "truncate_cells_html": 300,  # a title of 10,000 characters must not hide the other columns
    "default_cache_ttl": 0,  # the store changes while it is read
    "allow_download": False,  # a copy of a WAL store that is being written is corrupt
    # The time limit of a query is wall time: with more threads than processors the facets of a page slow
    # each other down and exceed theirs, though one after the other they would not.
    "num_sql_threads": max(2, min(4, os.cpu_count() or 2)),
}


class GuardedDatasette(Datasette):
    """Datasette with its login (None if there is no password), and the host names that it answers to."""

    def __init__(self, login: Login | None, hosts: Collection[str], *args: Any, **kwargs: Any) -> None:
        self.shopwire_login, self.shopwire_hosts = login, hosts
        super().__init__(*args, **kwargs)


def build_datasette(
    store: Path, password: str | None = None, hosts: Collection[str] = (), mcp: bool = False
) -> Datasette:
    """Return Datasette over the store at an existing path, whose file must be called `shopwire.db`.

    The file is opened read-only and as mutable, so that rows committed by a crawl appear at once.
    With a password, reading requires it; the user name is `shopwire`. `hosts` are names of this machine. With
    `mcp`, language models reach the store at `/-/mcp`. Raises `StoreError` if datasette-mcp is missing then.
    """
    switch_mcp(mcp)
    metadata: dict[str, Any] = {}
    if password is not None:
        allow = {"id": USER}
        # datasette-mcp asks for the permission of the database, the pages for that of the site.
        metadata |= {"allow": allow, "databases": {store.stem: {"allow": allow}}}
    # With rich installed, Datasette prints a long traceback for every URL that it does not know.
    pm.get_plugin("datasette.handle_exception").rich = None
    datasette = GuardedDatasette(
        None if password is None else Login(password),
        hosts,
        [str(store)],
        metadata=metadata,
        settings=SETTINGS,
    )
    datasette.remove_database(store.stem)
    datasette.add_database(LiveDatabase(datasette, path=str(store)), name=store.stem)
    return datasette


def switch_mcp(on: bool) -> None:
    """Turn the endpoint on or off for all sites that this process starts later. Raises `StoreError` if
    datasette-mcp is not installed."""
    if not on and pm.has_plugin(MCP):
        pm.unregister(name=MCP)
    if on and not pm.has_plugin(MCP):
        try:
            pm.register(import_module("datasette_mcp"), MCP)
        except ImportError as error:
            raise StoreError(NO_MCP) from error
