"""What the store's side of the line asks of a text, found without the store.

It takes longer than all that the store does with it, so it is made where the page is refined, in a
process of its own, and travels with the article.
"""

from dataclasses import dataclass
from datetime import date, datetime

from shopwire.pipelines.deduplication import similarity
from shopwire.pipelines.nlp.mentions import Notes, take_notes
from shopwire.pipelines.stories import event_similarity


@dataclass(frozen=True, slots=True)
class Digest:
    """`reading` is for its story, `wording` for its copies, `notes` are for its readers."""

    reading: event_similarity.Reading
    wording: similarity.Reading
    notes: Notes


def digest(title: str, text: str, language: str, seen: str) -> Digest:
    """Return the digest of an article that was published, or else fetched, at `seen` (ISO 8601)."""
    reading = event_similarity.read(title, text, language, day_of(seen))
    return Digest(reading, similarity.read(text), take_notes(title, text, reading.marks))


def day_of(moment: str) -> int:
    """Return the day of an ISO 8601 time, where it was written, counted from 1970-01-01."""
    return (datetime.fromisoformat(moment).date() - date(1970, 1, 1)).days
