"""One word for how a source is doing, with the evidence: a pure judgement over its own past.

Nothing is expected of a source but what it did before: how much it published, how many links its lists
had, which fields its articles came with, how long they were.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import takewhile
from statistics import median, quantiles

from shopwire.storage.crawl_log.ledger import READ

FIELDS = ("title", "date", "time", "author", "origin", "usual dateline")
NEWEST, PAST = 10, 200
# Below this chance it is no accident (for about one new article in two hundred we cry wolf).
ACCIDENT = 0.005
LEAST_PAST = 10
LEAST_LISTS = 5
LEAST_REFUSED = 3
# So many signs or more make a layout that has changed.
LEAST_SIGNS = 2
QUIET_AFTER = timedelta(days=1)
# With so many articles to be expected since the last one, e^-5.3 is the chance that none came.
MISSED = 5.3
MANY_REFUSED = 0.6

GOOD = frozenset(("stored", "updated", "copy", "known"))
REFUSED = frozenset(("thin", "bad_html", "too_big", "not_html", "drift"))
BROKEN = frozenset(("error", "not_found"))
# One list of several may fail so many times before anybody has to look.
LEAST_FAILED = 3


@dataclass(frozen=True, slots=True)
class Run:
    """One run: how it ended, and attempts by outcome, of lists and of pages.

    `words` gives a reason for each outcome, `links` is how many its lists had (None when none was
    read), `rest` the longest Retry-After in seconds.
    """

    outcome: str
    started: datetime
    reason: str = ""
    lists: Mapping[str, int] = field(default_factory=dict)
    pages: Mapping[str, int] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    links: int | None = None
    rest: float = 0.0

    @property
    def is_read(self) -> bool:
        """Whether some list was read."""
        return not READ.isdisjoint(self.lists)

    def share(self, outcomes: frozenset[str]) -> float:
        """Share of all attempts that had one of these outcomes; only of the lists where none was read, as
        the known pages that are read again tell nothing new then."""
        shown = [self.lists, self.pages] if self.is_read or not self.lists else [self.lists]
        attempts = [one for counts in shown for one in counts.items()]
        total = sum(count for _, count in attempts)
        return sum(count for name, count in attempts if name in outcomes) / total if total else 0.0

    def all_lists(self, outcome: str) -> bool:
        """Whether every list came to this."""
        return set(self.lists) == {outcome}


@dataclass(frozen=True, slots=True)
class Fields:
    """What an article came with, of `FIELDS`, and its length in characters."""

    shown: frozenset[str]
    length: int


@dataclass(frozen=True, slots=True)
class Reread:
    """An article that was read again: which fields it had before, and which of these it has lost."""

    had: frozenset[str]
    lost: frozenset[str]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a source at a moment: runs, articles and what was read again, newest first.

    `per_day` is how many articles a day it had when the last one came, `expected` how many were to come
    since then, by the hours and days on which it publishes, `lied` when one of its 304s was found to be
    wrong.
    """

    at: datetime
    runs: Sequence[Run] = ()
    newest: Sequence[Fields] = ()
    past: Sequence[Fields] = ()
    reread: Sequence[Reread] = ()
    last_new: datetime | None = None
    per_day: float = 0.0
    expected: float = 0.0
    lied: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A status word and the sentence that supports it."""

    status: str
    evidence: str


def judge(facts: Facts) -> Verdict:
    """How a source is doing: ok, quiet, slow, blocked, empty list, drift, thin, dead or robots; new
    when it was never crawled. The first that applies, what stands in the way of everything first."""
    if not facts.runs:
        return Verdict("new", "not crawled yet")
    for sign in SIGNS:
        verdict = sign(facts)
        if verdict:
            return verdict
    return Verdict("ok", _praise(facts))


def _robots(facts: Facts) -> Verdict | None:
    last = facts.runs[0]
    if last.all_lists("robots") or (last.share(frozenset(("robots",))) > 0.5 and not _got(last)):
        return Verdict("robots", last.words["robots"])
    return None


def _blocked(facts: Facts) -> Verdict | None:
    last = facts.runs[0]
    if last.share(frozenset(("blocked",))) >= 0.5:
        since = _streak(facts.runs, lambda run: run.share(frozenset(("blocked",))) >= 0.5)
        return Verdict("blocked", f"{last.words['blocked']}, {since}")
    return None


def _slow(facts: Facts) -> Verdict | None:
    def slow(run: Run) -> bool:
        return run.share(frozenset(("timeout",))) >= 0.5 or run.reason.startswith("stopped after")

    if not all(slow(run) for run in facts.runs[:2]):
        return None
    last = facts.runs[0]
    return Verdict("slow", f"{last.words.get('timeout', last.reason)}, {_streak(facts.runs, slow)}")


def _dead(facts: Facts) -> Verdict | None:
    def unanswered(run: Run) -> bool:
        if run.is_read or run.all_lists("robots"):
            return False
        return bool(run.lists) or run.outcome == "failed"

    if not all(unanswered(run) for run in facts.runs[:2]):
        return None
    last = facts.runs[0]
    words = next((last.words[outcome] for outcome in last.lists), last.reason)
    return Verdict("dead", f"{words}, {_streak(facts.runs, unanswered)}")


def _empty(facts: Facts) -> Verdict | None:
    last = facts.runs[0]
    if not last.all_lists("empty_list"):
        return None
    before = next((run.links for run in facts.runs if run.links), None)
    had = f"it had {before} links before" if before else "and never had one"
    return Verdict("empty list", f"{last.words['empty_list']}; {had}")


def _short_list(facts: Facts) -> Verdict | None:
    """A list that lost most of its links."""
    links = [run.links for run in facts.runs if run.links]
    if len(links) <= LEAST_LISTS or links[0] >= 0.5 * min(links[1:]):
        return None
    return Verdict(
        "drift", f"{links[0]} links on its lists, never fewer than {min(links[1:])} before"
    )


def _one_list(facts: Facts) -> Verdict | None:
    """One list of several that gives nothing any more: its address has changed."""

    def lacks_one(run: Run) -> bool:
        return run.is_read and not READ.issuperset(run.lists)

    if len(facts.runs) < LEAST_FAILED or not all(map(lacks_one, facts.runs[:LEAST_FAILED])):
        return None
    last = facts.runs[0]
    outcome = next(name for name in last.lists if name not in READ)
    of = sum(last.lists.values())
    words = f"{last.lists[outcome]} of {of} lists: {last.words[outcome]}"
    return Verdict("drift", f"{words}, {_streak(facts.runs, lacks_one)}")


def _thin(facts: Facts) -> Verdict | None:
    return _refused(facts, REFUSED, "thin")


def _dead_pages(facts: Facts) -> Verdict | None:
    """Lists whose pages are not there."""
    return _refused(facts, BROKEN, "dead")


def _refused(facts: Facts, outcomes: frozenset[str], status: str) -> Verdict | None:
    """Most pages of the last two runs came to one of these."""
    refused, fetched, words = 0, 0, ""
    for run in facts.runs[:2]:
        fetched += sum(run.pages.values())
        for outcome in outcomes & set(run.pages):
            refused += run.pages[outcome]
            words = words or run.words[outcome]
    if refused < LEAST_REFUSED or refused < MANY_REFUSED * fetched:
        return None
    return Verdict(status, f"{refused} of {fetched} pages refused: {words}")


def _lost_field(facts: Facts) -> Verdict | None:
    """A field that new articles lack, and known ones have lost, too many in a row for an accident."""
    for name in FIELDS:
        missing, usual = _missed([name in one.shown for one in (*facts.newest, *facts.past)])
        lost, kept = _missed([name not in one.lost for one in facts.reread if name in one.had])
        if missing + lost < LEAST_SIGNS:
            continue
        if (1 - usual) ** missing * (1 - kept) ** lost < ACCIDENT:
            told = []
            if missing:
                told.append(f"the newest {missing} articles have no {name}; {usual:.0%} had one")
            if lost:
                told.append(
                    f"the last {lost} read again have lost their {name}; {kept:.0%} had not"
                )
            return Verdict("drift", ", and ".join(told))
    return None


def _missed(seen: Sequence[bool]) -> tuple[int, float]:
    """How many of the newest in a row have not what was usual before, and how usual it was; none while
    too little is known of the past."""
    missing = _leading(not has for has in seen[:NEWEST])
    past = seen[missing:]
    if len(past) < LEAST_PAST:
        return 0, 0.0
    # Laplace's rule of succession: even what was always there may be missing once.
    return missing, (sum(past) + 1) / (len(past) + 2)


def _other_length(facts: Facts) -> Verdict | None:
    """Articles that are all much shorter, or all much longer, than nearly all before."""
    newest = [one.length for one in facts.newest][:5]
    if len(newest) < 5 or len(facts.past) < LEAST_PAST:
        return None
    tenths = quantiles((one.length for one in facts.past), n=10)
    if max(newest) < 0.5 * tenths[0] or min(newest) > 2 * tenths[-1]:
        usual = median(one.length for one in facts.past)
        words = f"the newest 5 articles have {median(newest):.0f} characters; {usual:.0f} was usual"
        return Verdict("drift", words)
    return None


def _quiet(facts: Facts) -> Verdict | None:
    if facts.last_new is None:
        return Verdict("quiet", "nothing new yet") if len(facts.runs) > 1 else None
    silence = facts.at - facts.last_new
    if silence < QUIET_AFTER or facts.expected < MISSED:
        return None
    days = silence / timedelta(days=1)
    return Verdict("quiet", f"nothing new for {days:.1f} days; {facts.per_day:.1f} a day before")


SIGNS: tuple[Callable[[Facts], Verdict | None], ...] = (
    _robots,
    _blocked,
    _slow,
    _dead,
    _empty,
    _thin,
    _dead_pages,
    _lost_field,
    _other_length,
    _short_list,
    _one_list,
    _quiet,
)


def _got(run: Run) -> int:
    return sum(count for outcome, count in run.pages.items() if outcome in GOOD)


def _leading(signs: Iterable[bool]) -> int:
    """How many signs stand before the first that is none."""
    return sum(1 for _ in takewhile(bool, signs))


def _streak(runs: Sequence[Run], is_bad: Callable[[Run], bool]) -> str:
    length = _leading(map(is_bad, runs))
    return f"{length} runs in a row since {_minute(runs[length - 1].started)}"


def _praise(facts: Facts) -> str:
    told = "nothing is wrong with it"
    if facts.last_new:
        told = (
            f"about {facts.per_day:.1f} articles a day, the last one on {_minute(facts.last_new)}"
        )
    if facts.runs[0].outcome == "failed":
        told += "; its last crawl failed, which may be an accident"
    if facts.lied:
        told += f"; its 304s are not believed, as one was wrong on {_minute(facts.lied)}"
    return told


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
