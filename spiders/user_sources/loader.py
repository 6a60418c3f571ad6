"""The spider loader of the settings: the declared sources, and those of `sources.toml`."""

import builtins
import logging
from functools import cache

from scrapy import Request, Spider
from scrapy.settings import BaseSettings
from scrapy.spiderloader import SpiderLoader

from shopwire.spiders.base import Source
from shopwire.spiders.http.resolver import LOOPBACK_SETTING
from shopwire.spiders.user_sources.build_source import load_user_sources
from shopwire.spiders.user_sources.source_file import Problem, get_source_file

logger = logging.getLogger(__name__)


class SourceLoader(SpiderLoader):
    """Loads spiders as Scrapy does (`SPIDER_MODULES`), and the user's own sources.

    A table with the name of a declared source changes it. `shipped` are the sources of the modules, `own`
    those of the file, `problems` what is wrong in the file; they are logged once in a process.
    """

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        spiders = {name: SpiderLoader.load(self, name) for name in SpiderLoader.list(self)}
        self.shipped = {name: one for name, one in spiders.items() if issubclass(one, Source)}
        self.own: dict[str, type[Source]]
        self.problems: list[Problem]
        allows_loopback = settings.getbool(LOOPBACK_SETTING)
        self.own, self.problems = load_user_sources(get_source_file(), self.shipped, allows_loopback)
        for problem in self.problems:
            _log_once(str(problem))

    def load(self, spider_name: str) -> type[Spider]:
        """Return the class of a name. Raise `KeyError` if there is none."""
        return self.own[spider_name] if spider_name in self.own else super().load(spider_name)

    def list(self) -> builtins.list[str]:
        """Return all names."""
        return [*dict.fromkeys([*super().list(), *self.own])]

    def find_by_request(self, request: Request) -> builtins.list[str]:
        """Return the names of the spiders for a request, by its host."""
        return [name for name in self.list() if self.load(name).handles_request(request)]


@cache
def _log_once(text: str) -> None:
    logger.warning("%s", text)
