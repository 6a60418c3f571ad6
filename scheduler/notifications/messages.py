"""The words of messages, in plain text, which every service can show."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shopwire.storage.text.characters import UNSAFE
from shopwire.storage.watches.matches import Match

LONGEST_TITLE = 200


def write_watch_title(name: str, number: int) -> str:
    """Return the title of a message of so many matches of a watch."""
    return f"shopwire: {name}: {number} new {'article' if number == 1 else 'articles'}"


def write_matches(matches: Sequence[Match]) -> str:
    """Return the matches as paragraphs: title, source and time, address."""
    return "\n\n".join(map(_write_match, matches))


def _write_match(match: Match) -> str:
    time = match.time[:16].replace("T", " ")
    facts = [match.source_title, f"{time} UTC" if ":" in time else time]
    if match.sources > 1:
        facts.append(f"{match.sources} sources")
    title = _clean(match.title) or "(no title)"
    if len(title) > LONGEST_TITLE:
        title = f"{title[: LONGEST_TITLE - 1]}…"
    return "\n".join((title, _clean(" · ".join(facts)), _clean(match.url)))


def write_health_title(number: int) -> str:
    """Return the title of a message of so many changes of health."""
    return f"shopwire: {number} {'change' if number == 1 else 'changes'} of source health"


def write_health_changes(events: Iterable[Mapping[str, Any]]) -> str:
    """Return events of health as lines: source, time, what it was and is, and the evidence."""
    return "\n".join(
        _clean(f"{one['source']}, {one['at'][:16].replace('T', ' ')} UTC: {one['text']}") for one in events
    )


def _clean(text: str) -> str:
    return UNSAFE.sub("", " ".join(text.split()))
