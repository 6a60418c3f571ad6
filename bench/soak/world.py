"""Simulate time that runs fast, and newsroom sites that publish and fail by it."""

import os
import random
import time
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import cached_property

from tests.newsroom import feeds, pages
from tests.newsroom.content import Article
from tests.newsroom.document import Document
from tests.newsroom.server import Handler, Newsroom, hostname
from tests.newsroom.sites import BY_HOST, SITES, Site

CHINA = timezone(timedelta(hours=8))
DAY = timedelta(days=1)
# Length of a list. With a shorter one articles would leave it while its site is down.
LISTED = 20
PER_DAY = 4.0
HOURS = [0.3] * 7 + [1, 2, 2, 2, 1, 1, 2, 2, 2, 1.5, 1, 1, 1, 1, 0.5, 0.3, 0.3]
PATHS = {
    "crown": "/news/show-{n}.html",
    "eastgate": "/{day:%Y/%m}/report-{n}",
    "meigong": "/news/{n}.html",
    "mirror": "/article/{n}.htm",
    "xiaoxi": "/{day:%Y/%m%d}/note-{n}.html",
    "zhuanzai": "/post/{n}.html",
}
WORDS = """seller platform parcel warehouse courier refund margin livestream anchor brand coupon
traffic audience subsidy customs tariff invoice discount storefront catalogue supplier factory harvest
orchard packaging delivery locker station route insurance deposit campaign festival order basket payment
wallet commission ranking search listing review complaint dispute return inspection sample fabric cotton
ceramic lamp kettle jacket sneaker cosmetics snack noodle tea pepper grape melon shrimp island harbour
container charter flight railway truck driver shift rota training contract bonus salary rent lease
district county province village workshop studio camera script caption slogan mascot logo portal agency
broker auditor regulator guideline penalty licence permit quota forecast survey index quarter revenue
profit cost loss growth decline record holiday weekend morning evening winter summer queue backlog
inventory shelf pallet scanner robot software ledger report figure table chart notice rule clause"""
ACTS = """raises cuts opens closes tests buys sells ships returns doubles halves moves drops adds trains
hires counts checks delays speeds promises denies reports expects"""
VERBS = ACTS.split()
NOUNS = WORDS.split()
# Each fault with LIKE patterns of the events that report it.
FAULTS: Mapping[str, tuple[str, ...]] = {
    "dies": ("%→ dead:%",),
    "500": ("%→ dead:%",),
    "429": ("%→ blocked:%",),
    "wall": ("%→ blocked:%",),
    "hangs": ("%→ slow:%",),
    "empties": ("%→ empty list:%",),
    "robots": ("%→ robots:%",),
    "layout": ("%→ drift:%",),
    "lies": ("% answered 304 although it had new links%",),
}
CAN_LIE = ("eastgate", "meigong", "mirror")


@dataclass(frozen=True)
class Clock:
    """Simulated time: `start` at the monotonic moment `began`, `factor` times as fast as real time."""

    start: datetime
    began: float
    factor: float

    def __call__(self) -> datetime:
        """Return the simulated time."""
        return self.start + timedelta(seconds=(time.monotonic() - self.began) * self.factor)

    def variables(self) -> dict[str, str]:
        """Return environment variables for a process that runs on the same clock."""
        return {"SOAK_CLOCK": f"{self.start.isoformat()} {self.began} {self.factor}"}


def read_clock() -> Clock:
    """Return the clock that the environment of this process describes."""
    start, began, factor = os.environ["SOAK_CLOCK"].split()
    return Clock(datetime.fromisoformat(start), float(began), float(factor))


@dataclass(frozen=True)
class Fault:
    """A fault of a site, from `first` to `last`."""

    site: str
    kind: str
    first: datetime
    last: datetime


class World:
    """The articles that every site publishes over time, and its faults."""

    def __init__(self, start: datetime, days: int, seed: int, kinds: Iterable[str] = FAULTS) -> None:
        """Schedule faults of the given kinds."""
        self.start, self.days, self.seed, self.kinds = start, days, seed, list(kinds)
        self.end = start + DAY * days
        self.faults = list(self._schedule_faults())

    @cached_property
    def articles(self) -> dict[str, list[Article]]:
        """All articles of each site, oldest first."""
        return {site.name: list(self._write_articles(site)) for site in SITES}

    def _write_articles(self, site: Site) -> Iterator[Article]:
        chance = random.Random(f"{self.seed} {site.name}")
        mean = sum(HOURS) / 24
        number = 100
        for hour in range(-24 * 4, 24 * self.days):
            moment = self.start + timedelta(hours=hour)
            rate = PER_DAY / 24 * HOURS[moment.astimezone(CHINA).hour] / mean
            waited = chance.expovariate(rate)
            while waited < 1:
                number += 1
                day = (moment + timedelta(hours=waited)).astimezone(CHINA).replace(microsecond=0)
                yield self._write_article(site, number, day, chance)
                waited += chance.expovariate(rate)

    def _write_article(self, site: Site, number: int, day: datetime, chance: random.Random) -> Article:
        sentences = [self._write_sentence(chance) for _ in range(24)]
        body = tuple(" ".join(sentences[at : at + 4]) for at in range(0, 24, 4))
        return Article(
            site=site.name,
            slug=str(number),
            path=PATHS[site.name].format(n=number, day=day),
            title=f"{self._write_sentence(chance).rstrip('.')} in case {number}",
            body=body,
            published=day,
            author=chance.choice(("Lin Miao", "Tang Wei", "Ruth Adler", "Paul Sun")),
            views=number,
        )

    def _write_sentence(self, chance: random.Random) -> str:
        words = [chance.choice(NOUNS) for _ in range(7)]
        words.insert(2, chance.choice(VERBS))
        words.append(f"by {chance.randint(2, 997)}")
        return " ".join(words).capitalize() + "."

    def _schedule_faults(self) -> Iterator[Fault]:
        """Yield faults of each site: after some healthy days, a fault of a day or two, in turns."""
        chance = random.Random(self.seed)
        for number, site in enumerate(SITES):
            kinds = [kind for kind in self.kinds if kind != "lies" or site.name in CAN_LIE]
            chance.shuffle(kinds)
            first = self.start + DAY * (1.5 + 0.25 * number)
            while kinds and first + 2 * DAY < self.end:
                kind = kinds.pop(0)
                kinds.append(kind)
                lasts = 1.6 if kind in ("lies", "layout") else 0.8
                yield Fault(site.name, kind, first, first + DAY * lasts)
                first += DAY * (lasts + 1.2 + chance.random())

    def find_fault(self, site: str, at: datetime) -> str:
        """Return the kind of fault that a site has at a moment, "" if none."""
        for one in self.faults:
            if one.site == site and one.first <= at < one.last:
                return one.kind
        return ""

    def list_articles(self, site: str, at: datetime) -> list[Article]:
        """Return the articles that a site has published, newest first."""
        written = self.articles[site]
        return written[: bisect_right(written, at, key=lambda one: one.published or at)][::-1]


class FaultyHandler(Handler):
    """Responds as the simulation says."""

    server: "FaultyNewsroom"

    def do_GET(self) -> None:  # noqa: N802 - as the base class has it
        """Drop the connection, hang or refuse if the site has such a fault; else respond normally."""
        fault = self._find_fault()
        if fault == "dies":
            self.close_connection = True
        elif fault == "hangs":
            time.sleep(4)
            self.close_connection = True
        elif fault in ("500", "429", "wall"):
            status = {"500": 500, "429": 429, "wall": 403}[fault]
            self.send_response(status)
            self.send_header("Content-Length", "0")
            if fault == "429":
                self.send_header("Retry-After", "7200")
            self.end_headers()
        else:
            super().do_GET()

    def _find_fault(self) -> str:
        site = hostname(self.headers.get("Host", "")).partition(".")[0]
        return self.server.world.find_fault(site, self.server.now())

    def _has_copy(self, document: Document) -> bool:
        is_conditional = "If-None-Match" in self.headers or "If-Modified-Since" in self.headers
        return (self._find_fault() == "lies" and is_conditional) or super()._has_copy(document)


class FaultyNewsroom(Newsroom):
    """The newsroom's six sites on simulated time. `until` ends all publishing."""

    def __init__(self, world: World, clock: Clock) -> None:
        super().__init__()
        self.RequestHandlerClass = FaultyHandler
        self.world, self.clock = world, clock
        self.until: datetime | None = None

    def now(self) -> datetime:
        """Return the simulated time, at most `until`; later no site has a fault."""
        return min(self.clock(), self.until) if self.until else self.clock()

    def answer(self, authority: str, target: str) -> Document:
        """Return the response of a site at the current simulated time."""
        host, base = hostname(authority), f"http://{authority}"
        site = BY_HOST[host]
        path = target.partition("?")[0]
        fault = self.world.find_fault(site.name, self.now())
        if path == "/robots.txt":
            forbidding = b"User-agent: *\nDisallow: /\n"
            return Document(forbidding if fault == "robots" else b"", "text/plain")
        shown = self.world.list_articles(site.name, self.now())
        for article in shown:
            if article.path == path:
                return self._build_page(site, article, shown[:LISTED], base, fault)
        return self._build_list(site, target, [] if fault == "empties" else shown[:LISTED], base)

    def _build_page(
        self, site: Site, article: Article, near: list[Article], base: str, fault: str
    ) -> Document:
        if fault == "layout":
            text = "".join(f"<p>{line}</p>" for line in article.body)
            html = f"<title>{article.title}</title><main><h1>{article.title}</h1>{text}</main>"
            return Document(html.encode())
        return pages.article_page(site, article, [article, *near], base)

    def _build_list(self, site: Site, target: str, shown: list[Article], base: str) -> Document:
        path, _, query = target.partition("?")
        number = int(query.partition("page=")[2] or 1)
        if path in site.feeds:
            return site.feeds[path](site.title, shown, base) if shown else Document(b"<rss/>")
        if path == "/api/articles":
            return feeds.api(shown, number)
        for page in range(1, 8):
            if target in (site.first_page if page == 1 else "", site.later_pages.format(page)):
                return pages.list_page(site, shown, path, page)
        return Document(b"<h1>404 Not Found</h1>", status=404)


def first_day() -> datetime:
    """Return the start of the simulation, a Monday outside any shopping season."""
    return datetime(2026, 9, 7, tzinfo=UTC)
