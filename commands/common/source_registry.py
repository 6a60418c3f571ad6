"""The declared sources, found by Scrapy's own loader."""

from collections.abc import Iterable
from typing import Any, cast

import click
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader

from shopwire.spiders.base import Source

SETTINGS_MODULE = "shopwire.spiders.settings"


def project_settings(changes: dict[str, Any] | None = None) -> Settings:
    """The settings of `spiders/settings.py`, wherever the command is called from."""
    settings = Settings()
    settings.setmodule(SETTINGS_MODULE, priority="project")
    settings.setdict(changes or {}, priority="cmdline")
    return settings


def all_sources() -> dict[str, type[Source]]:
    """Every declared source by its name, in alphabetical order."""
    loader = SpiderLoader.from_settings(project_settings())
    return {name: cast("type[Source]", loader.load(name)) for name in sorted(loader.list())}


def find_sources(names: Iterable[str]) -> dict[str, type[Source]]:
    """The named sources, or all that are on by default. Raises `click.UsageError` for an unknown name."""
    sources = all_sources()
    wanted = list(names)
    for name in wanted:
        if name not in sources:
            raise click.UsageError(f"no source {name!r}; `shopwire source list` shows them")
    if not wanted:
        return {name: source for name, source in sources.items() if source.on_by_default}
    return {name: sources[name] for name in wanted}
