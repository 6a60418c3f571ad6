"""The declared sources, found by Scrapy's own loader."""

import os
from collections.abc import Iterable
from typing import Any

import click
from scrapy.settings import Settings
from scrapy.utils.conf import init_env
from scrapy.utils.project import ENVVAR

from shopwire.spiders.base import Source
from shopwire.spiders.settings import ADDONS
from shopwire.spiders.user_sources.loader import SourceLoader
from shopwire.storage.crawl_log.forgotten import is_forgotten
from shopwire.storage.database import Store

SETTINGS_MODULE = "shopwire.spiders.settings"
KINDS = ("feed", "sitemap", "listing", "api", "watch")


def load_settings(changes: dict[str, Any] | None = None) -> Settings:
    """Return the settings of the module that `SCRAPY_SETTINGS_MODULE` names, by default ours.

    Raises `click.UsageError` if it cannot be imported, or does not build on ours.
    """
    module = os.environ.get(ENVVAR) or SETTINGS_MODULE
    if module != SETTINGS_MODULE:
        # Modules next to the nearest scrapy.cfg can be imported, as in the `scrapy` command.
        init_env()
    settings = Settings()
    try:
        settings.setmodule(module, priority="project")
    except ImportError as error:
        raise click.UsageError(f"cannot import {ENVVAR}={module}: {error}") from error
    if any(addon not in settings["ADDONS"] for addon in ADDONS):
        raise click.UsageError(f"{ENVVAR}={module} must import all of {SETTINGS_MODULE}")
    settings.setdict(changes or {}, priority="cmdline")
    return settings


def get_loader() -> SourceLoader:
    """Return the loader of the settings, which names the problems of `sources.toml`."""
    return SourceLoader.from_settings(load_settings())


def load_sources(loader: SourceLoader | None = None) -> dict[str, type[Source]]:
    """Return every declared source by its name, in alphabetical order; a project may have other spiders."""
    loader = loader or get_loader()
    spiders = {name: loader.load(name) for name in sorted(loader.list())}
    return {name: spider for name, spider in spiders.items() if issubclass(spider, Source)}


def load_zones() -> dict[str, tuple[str, str]]:
    """Return the zone of each declared source, and the zone of its country."""
    return {name: (source.zone, source.name_country_zone()) for name, source in load_sources().items()}


def find_crawlable_sources(store: Store, names: Iterable[str]) -> dict[str, type[Source]]:
    """Return the named sources, by default all that were not taken down. Raises `click.UsageError` for an
    unknown name, and for a named source that was taken down."""
    wanted = list(names)
    found = find_sources(wanted)
    gone = [name for name in found if is_forgotten(store, source=name)]
    if gone and wanted:
        raise click.UsageError(
            f"{gone[0]} was taken down; `shopwire forget --undo {gone[0]}` allows it again"
        )
    return {name: source for name, source in found.items() if name not in gone}


def get_kind(source: type[Source]) -> str:
    """Return what a source is read from: one of `KINDS`."""
    names = (one.__name__.removesuffix("Source").lower() for one in source.__mro__)
    return next(name for name in names if name in KINDS)


def find_sources(names: Iterable[str]) -> dict[str, type[Source]]:
    """Return the named sources, by default all that are on by default.

    Raises `click.UsageError` for an unknown name.
    """
    sources = load_sources()
    wanted = list(names) or [name for name, source in sources.items() if source.on_by_default]
    for name in wanted:
        if name not in sources:
            raise click.UsageError(f"no source {name!r}; `shopwire source list` lists them")
    return {name: sources[name] for name in wanted}
