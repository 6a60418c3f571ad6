"""The health of a source as one word with its evidence, assessed by comparing it with its own past.

Nothing is expected of a source but what it did before: how much it published, how many links its lists
had, which fields its articles had, how long they were.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from statistics import median, quantiles

from shopwire.scheduler.source_stats import NEWEST, RunStats, SourceStats
from shopwire.storage.crawl_log.outcomes import IN_STORE, LISTS_READ, Health, select_by_health

FIELDS = ("title", "date", "time", "author", "origin", "usual dateline")
# What is less likely than this is no accident (a false alarm for about one new article in 200).
ACCIDENT = 0.005
LEAST_PAST = 10
LEAST_LISTS = 5
LEAST_REFUSED = 3
# Fewer articles without a field are no change of layout.
LEAST_MISSING = 2
QUIET_AFTER = timedelta(days=1)
# With so many articles expected since the last one, e^-5.3 is the probability that none came.
MISSED = 5.3
MANY_REFUSED = 0.6

# One list of several may fail so many times before that counts.
LEAST_FAILED = 3


@dataclass(frozen=True, slots=True)
class HealthStatus:
    """A status word and the sentence that supports it."""

    status: str
    evidence: str


Check = Callable[[SourceStats], HealthStatus | None]


def assess_health(stats: SourceStats) -> HealthStatus:
    """Return the first matching status, in order of severity: robots, blocked, slow, dead, empty list,
    elsewhere, thin, drift, quiet, else ok; new if the source was never crawled."""
    if not stats.runs:
        return HealthStatus("new", "not crawled yet")
    found = (check(stats) for check in CHECKS)
    return next(filter(None, found), HealthStatus("ok", _describe_ok(stats)))


def _check_robots(stats: SourceStats) -> HealthStatus | None:
    last = stats.runs[0]
    is_refused = last.measure_share("robots") > 0.5 and IN_STORE.isdisjoint(last.pages)
    if last.has_only_lists("robots") or is_refused:
        return HealthStatus("robots", last.find_reason("robots"))
    return None


def _check_blocked(stats: SourceStats) -> HealthStatus | None:
    def is_blocked(run: RunStats) -> bool:
        return run.measure_share("blocked") >= 0.5

    last = stats.runs[0]
    if not is_blocked(last):
        return None
    streak = _describe_streak(stats.runs, is_blocked)
    return HealthStatus("blocked", f"{last.find_reason('blocked')}, {streak}")


def _check_slow(stats: SourceStats) -> HealthStatus | None:
    def is_slow(run: RunStats) -> bool:
        return run.measure_share("slow") >= 0.5 or run.reason.startswith("stopped after")

    if not all(map(is_slow, stats.runs[:2])):
        return None
    last = stats.runs[0]
    reason = last.find_reason("slow") or last.reason
    return HealthStatus("slow", f"{reason}, {_describe_streak(stats.runs, is_slow)}")


def _check_dead(stats: SourceStats) -> HealthStatus | None:
    def is_unanswered(run: RunStats) -> bool:
        if run.is_read or run.has_only_lists("robots"):
            return False
        return bool(run.lists) or run.outcome == "failed"

    if not all(map(is_unanswered, stats.runs[:2])):
        return None
    last = stats.runs[0]
    reason = next((last.reasons[outcome] for outcome in last.lists), last.reason)
    return HealthStatus("dead", f"{reason}, {_describe_streak(stats.runs, is_unanswered)}")


def _check_empty_list(stats: SourceStats) -> HealthStatus | None:
    last = stats.runs[0]
    if not last.has_only_lists("empty list"):
        return None
    before = next((run.links for run in stats.runs if run.links), None)
    past = f"it had {before} links before" if before else "it never had one"
    return HealthStatus("empty list", f"{last.find_reason('empty list')}; {past}")


def _check_elsewhere(stats: SourceStats) -> HealthStatus | None:
    """Return elsewhere if the links of all lists lead to other sites, as when the site has moved."""
    last = stats.runs[0]
    return (
        HealthStatus("elsewhere", last.find_reason("elsewhere")) if last.has_only_lists("elsewhere") else None
    )


def _check_list_length(stats: SourceStats) -> HealthStatus | None:
    """Return drift if the lists have lost most of their links."""
    links = [run.links for run in stats.runs if run.links]
    if len(links) <= LEAST_LISTS or links[0] >= 0.5 * min(links[1:]):
        return None
    return HealthStatus("drift", f"{links[0]} links on its lists, never fewer than {min(links[1:])} before")


def _check_each_list(stats: SourceStats) -> HealthStatus | None:
    """Return drift if one list of several cannot be read any more: its URL has changed."""

    def lacks_list(run: RunStats) -> bool:
        return run.is_read and not LISTS_READ.issuperset(run.lists)

    if len(stats.runs) < LEAST_FAILED or not all(map(lacks_list, stats.runs[:LEAST_FAILED])):
        return None
    last = stats.runs[0]
    outcome = next(name for name in last.lists if name not in LISTS_READ)
    total = sum(last.lists.values())
    text = f"{last.lists[outcome]} of {total} lists: {last.reasons[outcome]}"
    return HealthStatus("drift", f"{text}, {_describe_streak(stats.runs, lacks_list)}")


def _check_thin(stats: SourceStats) -> HealthStatus | None:
    return _check_pages(stats, "thin")


def _check_dead_pages(stats: SourceStats) -> HealthStatus | None:
    return _check_pages(stats, "dead")


def _check_pages(stats: SourceStats, health: Health) -> HealthStatus | None:
    """Return this health if the outcomes of most pages of the last two runs are signs of it."""
    outcomes, runs = select_by_health(health), stats.runs[:2]
    fetched = sum(sum(run.pages.values()) for run in runs)
    refused = [(run, name) for run in runs for name in run.pages if name in outcomes]
    count = sum(run.pages[name] for run, name in refused)
    if count < LEAST_REFUSED or count < MANY_REFUSED * fetched:
        return None
    reason = next(filter(None, (run.reasons[name] for run, name in refused)), "")
    return HealthStatus(health, f"{count} of {fetched} pages refused: {reason}")


def _check_fields(stats: SourceStats) -> HealthStatus | None:
    """Return drift if too many new articles in a row lack a usual field, or refetched ones lost it."""
    articles = (*stats.newest, *stats.past)
    for name in FIELDS:
        missing, usual = _count_missing([name in one.present for one in articles])
        lost, kept = _count_missing([name not in one.lost for one in stats.refetched if name in one.fields])
        chance = (1 - usual) ** missing * (1 - kept) ** lost
        if missing + lost < LEAST_MISSING or chance >= ACCIDENT:
            continue
        texts = []
        if missing:
            those = "article has" if missing == 1 else f"{missing} articles have"
            texts.append(f"the newest {those} no {name}; {usual:.0%} had one")
        if lost:
            those = "refetched one has lost its" if lost == 1 else f"{lost} refetched ones have lost their"
            texts.append(f"the last {those} {name}; {kept:.0%} had not")
        return HealthStatus("drift", ", and ".join(texts))
    return None


def _count_missing(has_field: Sequence[bool]) -> tuple[int, float]:
    """Return how many of the newest articles in a row lack a field, and the share of older ones that have
    it; 0 and 0.0 if there are too few older ones."""
    missing = _count_leading(not has for has in has_field[:NEWEST])
    past = has_field[missing:]
    if len(past) < LEAST_PAST:
        return 0, 0.0
    # Laplace's rule of succession: even a field that was always there may be missing once.
    return missing, (sum(past) + 1) / (len(past) + 2)


def _check_article_length(stats: SourceStats) -> HealthStatus | None:
    """Return drift if the newest articles are all much shorter, or all much longer, than before."""
    newest = [one.length for one in stats.newest][:5]
    if len(newest) < 5 or len(stats.past) < LEAST_PAST:
        return None
    past = [one.length for one in stats.past]
    tenths = quantiles(past, n=10)
    if max(newest) >= 0.5 * tenths[0] and min(newest) <= 2 * tenths[-1]:
        return None
    text = f"the newest 5 articles have {median(newest):.0f} characters; {median(past):.0f} was usual"
    return HealthStatus("drift", text)


def _check_quiet(stats: SourceStats) -> HealthStatus | None:
    if stats.last_new is None:
        return HealthStatus("quiet", "nothing new yet") if len(stats.runs) > 1 else None
    silence = stats.at - stats.last_new
    if silence < QUIET_AFTER or stats.expected < MISSED:
        return None
    days = silence / timedelta(days=1)
    text = f"nothing new for {days:.1f} days; {stats.per_day:.1f} a day before"
    return HealthStatus("quiet", text)


CHECKS: tuple[Check, ...] = (
    _check_robots,
    _check_blocked,
    _check_slow,
    _check_dead,
    _check_empty_list,
    _check_elsewhere,
    _check_thin,
    _check_dead_pages,
    _check_fields,
    _check_article_length,
    _check_list_length,
    _check_each_list,
    _check_quiet,
)


def _count_leading(flags: Iterable[bool]) -> int:
    """Return how many flags are set before the first that is not."""
    return sum(1 for _ in takewhile(bool, flags))


def _describe_streak(runs: Sequence[RunStats], is_bad: Callable[[RunStats], bool]) -> str:
    length = _count_leading(map(is_bad, runs))
    since = _format_minute(runs[length - 1].started)
    return f"{length} runs in a row since {since}" if length > 1 else f"1 run since {since}"


def _describe_ok(stats: SourceStats) -> str:
    text = "no problems"
    if stats.last_new:
        last = _format_minute(stats.last_new)
        text = f"{stats.rate}, the last one on {last}"
    if stats.runs[0].outcome == "failed":
        text += "; the last crawl failed (possibly temporary)"
    if stats.unreliable_304:
        wrong = _format_minute(stats.unreliable_304)
        text += f"; its 304 responses are ignored, as one was wrong on {wrong}"
    return text


def _format_minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
