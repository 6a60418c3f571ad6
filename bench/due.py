"""Replays publishing histories against rules that say when to look: `python -m bench.due`.

Histories are synthetic: rate by hour and weekday, bursts, a shopping season. Every rule sees what a
crawler would see, the entries of a list of 20. Printed for each: fetches per article, how long an
article waits to be seen (minutes, median, mean and ninth decile), how many fell off the list unseen, and
in how many of a hundred fetches a server that says 304 when nothing is new, and does not lie, has to send
its list in full all the same because it is put to the proof; all after two weeks of learning.
"""

import argparse
import random
import statistics
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shopwire.scheduler.next_crawl import MOST_MOMENTS, WINDOW, History, next_due
from shopwire.storage.crawl_log.ledger import PACE_WINDOW, Validators, pace

START = datetime(2026, 9, 14, tzinfo=UTC)
LEARNING = timedelta(days=14)
LISTED = 20
WORKING_DAY = [0.2] * 8 + [1, 2, 2, 2, 1.2, 1.5, 2, 2, 2, 1.5, 0.8, 0.6, 0.5, 0.4, 0.3, 0.2]
AROUND_THE_CLOCK = [1.0] * 24
MORNING = [0.05] * 7 + [3, 6, 3] + [0.2] * 14


@dataclass(frozen=True)
class Profile:
    """How a source publishes: articles a day, by the hour of its zone, on weekends, in bursts."""

    name: str
    per_day: float
    hours: Sequence[float]
    weekend: float = 1.0
    burst: float = 1.0
    zone: int = 8
    double_11: float = 1.0


PROFILES = (
    Profile("portal", 60, WORKING_DAY, weekend=0.4, double_11=2),
    Profile("newswire", 200, AROUND_THE_CLOCK, burst=2, double_11=1.5),
    Profile("daily, mornings", 8, MORNING, weekend=0.2),
    Profile("trade press (US)", 12, WORKING_DAY, weekend=0.1, zone=-5),
    Profile("reposting portal", 40, WORKING_DAY, burst=8),
    Profile("blog", 0.5, WORKING_DAY),
    Profile("weekly column", 0.14, MORNING),
)


def publish(profile: Profile, days: int, chance: random.Random) -> list[datetime]:
    """When each article of a profile appears."""
    mean = sum(profile.hours) / 24
    found = []
    for hour in range(24 * days):
        local = START + timedelta(hours=hour + profile.zone)
        rate = profile.per_day / 24 * profile.hours[local.hour] / mean
        rate *= profile.weekend if local.weekday() >= 5 else 1.0
        rate *= profile.double_11 if (10, 20) <= (local.month, local.day) <= (11, 12) else 1.0
        moment = START + timedelta(hours=hour)
        waited = chance.expovariate(rate / profile.burst)
        while waited < 1:
            size = 1 + int(chance.expovariate(1 / max(profile.burst - 1, 1e-9)))
            found += [
                moment + timedelta(hours=waited, minutes=chance.random()) for _ in range(size)
            ]
            waited += chance.expovariate(rate / profile.burst)
    return sorted(found)


# Gives the wait after a look at some time, with all articles seen so far and the share of new ones.
Rule = Callable[[datetime, Sequence[datetime], float], timedelta]


def fixed(minutes: float) -> Rule:
    """The same wait always."""
    return lambda *_: timedelta(minutes=minutes)


def media_cloud() -> Rule:
    """mediacloud/rss-fetcher 0.17, `_check_auto_adjust` with the defaults of its `config.py`: the wait
    grows by 10 minutes when more than 67 % of a list was seen before, and shrinks by an hour (from
    above 6 hours, to 6) when less than 33 % was; between 10 minutes and a day."""
    wait = 360.0

    def rule(at: datetime, seen: Sequence[datetime], new: float) -> timedelta:
        nonlocal wait
        seen_before = 100 * (1 - new)
        if seen_before >= 67:
            fresh = bool(seen) and at - seen[-1] <= timedelta(days=31)
            wait = min(1440.0, wait + (10 if fresh else 60))
        elif seen_before < 33:
            wait = 360.0 if wait > 360 else max(10.0, wait - 60)
        return timedelta(minutes=wait)

    return rule


def ours(chance: random.Random) -> Rule:
    """`shopwire.scheduler.next_crawl`."""

    def rule(at: datetime, seen: Sequence[datetime], _: float) -> timedelta:
        moments = seen[bisect_right(seen, at - WINDOW) :][-MOST_MOMENTS:]
        history = History(moments, START, seen[-1] if seen else None)
        return next_due(history, at, chance.random()).wait

    return rule


@dataclass(frozen=True)
class Result:
    """What a rule came to: fetches per article, minutes from publication to sight, articles lost, and
    how often a 304 was put to the proof, per article as well."""

    fetches: float
    delays: list[float]
    lost: int
    proofs: float

    def row(self) -> str:
        """The figures in columns."""
        ninth = statistics.quantiles(self.delays, n=10)[-1]
        median, mean = statistics.median(self.delays), statistics.fmean(self.delays)
        proofs = 100 * self.proofs / self.fetches
        return f"{self.fetches:9.2f} {median:9.1f} {mean:9.1f} {ninth:9.1f} {self.lost:6d} {proofs:7.1f}"


def replay(articles: Sequence[datetime], rule: Rule, days: int) -> Result:
    """Let a rule watch a source; counts from the end of the learning weeks."""
    at, end = START, START + timedelta(days=days)
    position, fetches, lost, proofs = 0, 0, 0, 0
    known = Validators('"a"', at=START)
    delays: list[float] = []
    while at < end:
        now = bisect_right(articles, at)
        fresh = articles[position:now]
        if at >= START + LEARNING:
            fetches += 1
            delays += [(at - one) / timedelta(minutes=1) for one in fresh[-LISTED:]]
            lost += max(0, len(fresh) - LISTED)
        proved = not fresh and wants_proof(articles[:now], known, at)
        proofs += proved and at >= START + LEARNING
        whole = at if fresh or proved else known.at
        known = Validators('"a"', at=whole, unchanged=not (fresh or proved))
        position = now
        at += rule(at, articles[:now], min(1.0, len(fresh) / (min(now, LISTED) or 1)))
    count = max(1, len(delays))
    return Result(fetches / count, delays, lost, proofs / count)


def wants_proof(seen: Sequence[datetime], known: Validators, at: datetime) -> bool:
    """Whether a 304 is put to the proof."""
    since = max(START, at - PACE_WINDOW)
    lately = len(seen) - bisect_right(seen, since)
    return known.want_proof(at, pace(lately, at - since))


def together(results: Sequence[Result]) -> Result:
    """Many sources as one."""
    delays = [delay for one in results for delay in one.delays]
    fetches = sum(one.fetches * len(one.delays) for one in results)
    proofs = sum(one.proofs * len(one.delays) for one in results)
    count = max(1, len(delays))
    return Result(fetches / count, delays, sum(one.lost for one in results), proofs / count)


def contestants(seed: int, budget: float, days: int) -> Iterator[tuple[str, Rule]]:
    """The rules, by name; the last spends as many fetches as ours did, but evenly."""
    yield "fixed 30 min", fixed(30)
    yield "Media Cloud", media_cloud()
    yield "shopwire", ours(random.Random(seed))
    yield "fixed, same fetches", fixed((days - LEARNING.days) * 1440 / max(budget, 1))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=70)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    columns = ("rule", "fetch/art", "median", "mean", "p90", "lost", "proof %")
    print("{:22}{:>9} {:>9} {:>9} {:>9} {:>6} {:>7}".format(*columns))
    everything: dict[str, list[Result]] = {}
    for profile in PROFILES:
        articles = publish(profile, options.days, random.Random(options.seed))
        print(f"-- {profile.name}: {len(articles) / options.days:.1f} articles a day")
        ours_now = replay(articles, ours(random.Random(options.seed)), options.days)
        budget = ours_now.fetches * len(ours_now.delays)
        for name, rule in contestants(options.seed, budget, options.days):
            result = replay(articles, rule, options.days)
            everything.setdefault(name, []).append(result)
            print(f"{name:22}{result.row()}")
    print("-- all together, each article counted once")
    for name, results in everything.items():
        print(f"{name:22}{together(results).row()}")


if __name__ == "__main__":
    main()
