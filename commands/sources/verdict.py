"""Judge a test of a source: whether it works, refuses this machine, or is gone."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from shopwire.commands.sources.check_candidate import OLDEST
from shopwire.storage.crawl_log.outcomes import Outcome

# Statuses by which sites refuse a client, also those that the crawl log counts as errors.
REFUSING = frozenset((401, 402, 403, 405, 406, 407, 418, 429, 451, 503))
NO_HOST = "host not found"
WORKS, STALE, BLOCKED_HERE, DEAD = "works", "stale", "blocked here", "dead"
UNREACHABLE, NO_ARTICLE, EMPTY, ROBOTS = "unreachable", "no article", "empty list", "robots.txt forbids it"
Attempt = Mapping[str, object]


def judge_source(
    attempts: Sequence[Attempt],
    articles: Sequence[Mapping[str, object]],
    today: date,
    is_online: bool = False,
) -> tuple[str, str]:
    """Return the verdict on a source and the reason, empty if it works.

    The lists decide, then the pages. A timeout is no sign of death: some sites answer only some countries;
    nor is a host that is not found, unless this machine `is_online`: another one has answered.
    """
    if articles:
        newest = max(str(one["published"] or "")[:10] for one in articles)
        is_old = newest and date.fromisoformat(newest) < today - OLDEST
        return (STALE, f"its newest article is of {newest}") if is_old else (WORKS, "")
    lists = [one for one in attempts if one["kind"] != "page"]
    pages = [one for one in attempts if one["kind"] == "page"]
    read = [one for one in lists if one["outcome"] in (Outcome.LISTED, Outcome.UNCHANGED)]
    if not read and lists:
        return _judge_failures(lists, is_online)
    if pages:
        verdict, reason = _judge_failures(pages, is_online)
        return (NO_ARTICLE if verdict in (DEAD, EMPTY) else verdict), reason
    return NO_ARTICLE, str(read[0]["reason"]) if read else "no request was made"


def has_answer(attempts: Iterable[Attempt]) -> bool:
    """Return whether a server has answered one of these requests."""
    return any(one["status"] for one in attempts)


def _judge_failures(attempts: Sequence[Attempt], is_online: bool) -> tuple[str, str]:
    """Return the verdict on requests none of which succeeded: the one that leaves most hope."""
    found = {_judge_attempt(one, is_online): str(one["reason"]) for one in reversed(attempts)}
    order = (BLOCKED_HERE, ROBOTS, UNREACHABLE, EMPTY, NO_ARTICLE, DEAD)
    verdict = next(one for one in order if one in found)
    return verdict, found[verdict]


def _judge_attempt(attempt: Attempt, is_online: bool) -> str:
    outcome, status = attempt["outcome"], attempt["status"]
    if outcome == Outcome.ROBOTS:
        return ROBOTS
    if outcome == Outcome.BLOCKED or status in REFUSING:
        return BLOCKED_HERE
    if outcome == Outcome.NOT_FOUND or (is_online and NO_HOST in str(attempt["reason"])):
        return DEAD
    if outcome == Outcome.EMPTY_LIST:
        return EMPTY
    return UNREACHABLE if outcome in (Outcome.TIMEOUT, Outcome.ERROR) else NO_ARTICLE
