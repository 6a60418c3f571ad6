"""What a discovery finds, and how it ends."""

from collections.abc import Generator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Self, TypeVar

from shopwire.spiders.discovery.answers import Answer
from shopwire.spiders.lists.reading import ListedLink

T = TypeVar("T")
# A step asks for URLs, one after another, is sent the answer to each, and returns a result.
Step = Generator[str, Answer, T]


class Ending(Enum):
    """How a discovery ends, with the exit code of the command."""

    code: int

    def __new__(cls, word: str, code: int) -> Self:
        """Create a member."""
        member = object.__new__(cls)
        member._value_ = word
        member.code = code
        return member

    ADDED = "added", 0
    DECLINED = "declined", 1
    NOTHING = "nothing", 3
    BLOCKED = "blocked", 4
    ROBOTS = "robots", 5
    THIN = "thin", 6
    STALE = "stale", 7
    KNOWN = "known", 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """A way to read a site: the rung of the ladder, the attributes of a source, and the links that it gives
    now, the newest first if that is known; `lack` is what it does not give, empty if nothing."""

    rung: str
    attributes: dict[str, Any]
    links: tuple[ListedLink, ...]
    lack: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """One tested page: its URL, and what was extracted; `problem` is empty if that is an article."""

    url: str
    title: str = ""
    published: str = ""
    language: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The test of a candidate: `ADDED` if it passed."""

    ending: Ending
    reason: str = ""
    samples: tuple[Sample, ...] = ()


@dataclass(slots=True)
class Discovery:
    """The result: how it ended, why, what was found, and a line for everything that was tried."""

    ending: Ending = Ending.NOTHING
    reason: str = ""
    candidate: Candidate | None = None
    verdict: Verdict | None = None
    title: str = ""
    home: str = ""
    requests: int = 0
    tried: list[str] = field(default_factory=list)
