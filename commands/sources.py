"""The declared sources, found by Scrapy's own loader."""

from typing import Any, cast

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
