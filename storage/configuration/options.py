"""Every option of the configuration: its section, default, bounds and meaning."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from shopwire.storage.text.host_names import is_host_name

DEFAULT_CONTACT = "https://github.com/shopwire/shopwire"
YEARS = 100 * 366
TIME_OF_DAY = re.compile("([01][0-9]|2[0-3]):[0-5][0-9]")


def declare(
    default: Any, meaning: str, least: float = 0, most: float = 0, secret: bool = False, form: str = ""
) -> Any:
    """Declare an option. `form` names a function of `FORMS` that its text, or each of them, must satisfy."""
    more = {"meaning": meaning, "least": least, "most": most, "secret": secret, "form": form}
    return field(default=default, metadata=more)


@dataclass(frozen=True, slots=True)
class Crawler:
    """Section `[crawler]`: how we ask."""

    contact: str = declare(DEFAULT_CONTACT, "who runs the crawler: a URL or mail address for the User-Agent")
    user_agent: str = declare("", "the whole User-Agent; empty: shopwire/VERSION (+contact)")
    delay: float = declare(1.0, "seconds between two requests to one site", 0, 3600)
    concurrency: int = declare(1, "requests to one site at a time", 1, 16)
    proxy: str = declare("", "URL of an HTTP proxy for all requests", secret=True, form="URL")
    allow_loopback: bool = declare(False, "crawl this machine too; other private addresses never")


@dataclass(frozen=True, slots=True)
class Limits:
    """Section `[limits]`: what a crawl and the daemon may use."""

    at_once: int = declare(4, "crawls of the daemon at the same time", 1, 64)
    time_limit: int = declare(1800, "seconds after which the daemon stops a crawl", 10, 7 * 86400)
    crawl_seconds: int = declare(1700, "seconds after which a crawl leaves the rest to the next", 1, 10**6)
    crawl_pages: int = declare(5000, "answers after which a crawl leaves the rest to the next", 1, 10**6)
    crawl_megabytes: int = declare(2000, "megabytes received, likewise", 1, 10**6)
    processes: int = declare(0, "worker processes; 0: one per core", 0, 64)


@dataclass(frozen=True, slots=True)
class Retention:
    """Section `[retention]`: after how many days something is deleted, 0 for never."""

    archive_days: int = declare(0, "days until an archived page is deleted", 0, YEARS)
    version_days: int = declare(0, "days until earlier versions and counts of articles are deleted", 0, YEARS)
    log_days: int = declare(0, "days until rows of the crawl log are deleted", 0, YEARS)
    free_megabytes: int = declare(
        0, "megabytes of the disk that stay free: the oldest archived pages are deleted earlier", 0, 10**9
    )


@dataclass(frozen=True, slots=True)
class Serve:
    """Section `[serve]`: the web pages."""

    hosts: tuple[str, ...] = declare(
        (), "host names under which the pages are reached, besides localhost", form="host names"
    )
    password: str | None = declare(None, "password for readers; better as SHOPWIRE_PASSWORD", secret=True)


@dataclass(frozen=True, slots=True)
class Notifications:
    """Section `[notifications]`: who is told of changes of health, and of what the watches find."""

    apprise: tuple[str, ...] = declare((), "Apprise URLs, each of one service", secret=True)
    time_zone: str = declare("UTC", "time zone of the times of day of the watches", form="time zone")


@dataclass(frozen=True, slots=True)
class Watch:
    """Section `[watches.NAME]`: the articles that a person waits for. All that is given must hold."""

    words: str = declare("", "words as in a search: a name finds its other names, -word excludes")
    entities: tuple[str, ...] = declare((), "names of which an article mentions one")
    sources: tuple[str, ...] = declare((), "sources of which it is from one")
    language: str = declare("", "its language, such as zh")
    least_sources: int = declare(1, "sources of its story; above 1, a story is told once", 1, 1000)
    digest_at: str = declare(
        "", "time of day of one message, such as 08:30; empty: at once", form="time of day"
    )
    apprise: tuple[str, ...] = declare((), "Apprise URLs instead of those of [notifications]", secret=True)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Section `[cluster]`: several machines, see docs/cluster.md."""

    broker: str = declare("", "URL of RabbitMQ, amqps://user:password@host/vhost", secret=True, form="AMQP")
    cluster_dir: str = declare("", "folder that all machines share: parts of an import that runs on workers")
    warc_origin: str = declare(
        "", "URL before the names of WARC files that are not in cluster_dir; workers fetch these", form="URL"
    )
    silence: int = declare(60, "seconds without a word after which the crawls of a worker are lost", 6, 3600)


@dataclass(frozen=True, slots=True)
class Configuration:
    """All options by section."""

    crawler: Crawler = Crawler()
    limits: Limits = Limits()
    retention: Retention = Retention()
    serve: Serve = Serve()
    notifications: Notifications = Notifications()
    watches: Mapping[str, Watch] = field(default_factory=dict)
    cluster: Cluster = Cluster()

    @property
    def user_agent(self) -> str:
        """Return the User-Agent of all requests."""
        return self.crawler.user_agent or f"shopwire/0.1 (+{self.crawler.contact})"


def is_url(text: str) -> bool:
    """Return whether a text is an http or https URL with a host."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def is_time_of_day(text: str) -> bool:
    """Return whether a text is an hour and a minute, such as 08:30."""
    return bool(TIME_OF_DAY.fullmatch(text))


def is_time_zone(text: str) -> bool:
    """Return whether a text is the name of a time zone."""
    try:
        ZoneInfo(text)
    except (LookupError, ValueError, OSError):
        return False
    return True


def is_broker_url(text: str) -> bool:
    """Return whether a text is an amqp or amqps URL with a host."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("amqp", "amqps") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


FORMS = {
    "URL": (is_url, "an http or https URL"),
    "time of day": (is_time_of_day, "a time of day such as 08:30"),
    "time zone": (is_time_zone, "a time zone such as Asia/Shanghai"),
    "AMQP": (is_broker_url, "an amqp or amqps URL"),
    "host names": (
        is_host_name,
        'a list of host names without scheme and port, such as ["news.example.com"]',
    ),
}
"""How texts of each form are checked, and what they are called in messages."""
