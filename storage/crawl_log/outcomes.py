"""Every outcome of a request for a page or a list, declared once with what follows from it.

The sets, the SQL lists and the table in the documentation are built from this declaration. To add an
outcome, add a member here and return it where it occurs. Workers import this module, so it imports
nothing of the store.
"""

import sys
from collections.abc import Collection
from datetime import timedelta
from enum import StrEnum
from typing import Literal, Self

# How the `reason` of a page begins whose worker process crashed.
WORKER_CRASHED = "the worker crashed while parsing"

# The `reason` of a request whose host has no address; without a network that is so for all hosts.
HOST_NOT_FOUND = "host not found"

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
Kind = Literal["new", "known", "refused", "absent", "failed", "list"]
Health = Literal["ok", "thin", "dead", "slow", "blocked", "robots", "empty list", "elsewhere"]


class Outcome(StrEnum):
    """The values of `fetches.outcome`.

    `kind` says what came of the request: an article that is new in the store or was in it before, a page
    that was read but is refused, a page that is absent or must not be read, a failure of the server or of
    our own, or a list that was read. `health` is the status of a source most of whose requests end so,
    `meaning` one line for the documentation. A page is requested again `retry_after` its first request,
    and no more after `tries` requests.
    """

    kind: Kind
    health: Health
    meaning: str
    retry_after: timedelta
    tries: int

    def __new__(
        cls,
        word: str,
        kind: Kind,
        health: Health,
        meaning: str,
        retry_after: timedelta = timedelta(0),
        tries: int = 0,
    ) -> Self:
        """Create a member that is equal to `word`."""
        member = str.__new__(cls, word)
        member._value_ = word
        member.kind, member.health, member.meaning = kind, health, meaning
        member.retry_after, member.tries = retry_after, tries
        return member

    STORED = "stored", "new", "ok", "a new article"
    COPY = "copy", "new", "ok", "a new article, a duplicate of another"
    UPDATED = "updated", "known", "ok", "a stored article that has changed"
    KNOWN = "known", "known", "ok", "a stored article that has not changed"
    THIN = "thin", "refused", "thin", "too little text, or a login or payment wall", 3 * DAY, 2
    LIST_PAGE = "list_page", "refused", "thin", "a list of other articles"
    BAD_HTML = "bad_html", "refused", "thin", "no HTML that can be parsed"
    TOO_BIG = "too_big", "refused", "thin", "larger than the limit"
    ELSEWHERE = "elsewhere", "refused", "thin", "a redirect to another site"
    FORGOTTEN = "forgotten", "absent", "ok", "taken down by `shopwire forget`; has no row in the crawl log"
    NOT_FOUND = "not_found", "absent", "dead", "404, 410, or a page that says so", DAY, 2
    ROBOTS = "robots", "absent", "robots", "disallowed by robots.txt", 7 * DAY, 50
    ERROR = "error", "failed", "dead", "no response, a broken one, or a 500", 10 * MINUTE, 7
    TIMEOUT = "timeout", "failed", "slow", "too slow to respond or to parse", HOUR, 4
    BLOCKED = "blocked", "failed", "blocked", "401, 402, 403, 429, 451, or a captcha", 6 * HOUR, 5
    TROUBLE = (
        "trouble",
        "failed",
        "ok",
        "local disk, database or proxy error",
        30 * MINUTE,
        sys.maxsize,
    )
    LISTED = "listed", "list", "ok", "a list with links"
    UNCHANGED = "unchanged", "list", "ok", "a list that has not changed (304)"
    EMPTY_LIST = "empty_list", "list", "empty list", "a list without links"
    FOREIGN_LIST = "foreign_list", "list", "elsewhere", "a list whose links all lead to other sites"


NEW = frozenset(one for one in Outcome if one.kind == "new")
IN_STORE = frozenset(one for one in Outcome if one.kind in {"new", "known"})
FAILED = frozenset(one for one in Outcome if one.kind == "failed")
LISTS_READ = frozenset(one for one in Outcome if one.kind == "list")
RETRIED = frozenset(one for one in Outcome if one.tries)


def parse_outcome(word: str) -> Outcome:
    """Return the outcome of this word. Raises `ValueError` for a word that is not declared."""
    return Outcome(word)  # type: ignore[call-arg]  # mypy takes the look-up for a new member


def select_by_health(health: Health) -> frozenset[Outcome]:
    """Return the outcomes that lead to this health status of a source."""
    return frozenset(one for one in Outcome if one.health == health)


def format_sql_list(outcomes: Collection[Outcome]) -> str:
    """Return outcomes as a list in SQL, such as `('stored', 'copy')`, in the order of their declaration:
    SQLite uses a partial index only where a query has the same list as the index."""
    words = ", ".join(f"'{one}'" for one in Outcome if one in outcomes)
    return f"({words})"
